import { ConfigurationError } from '../errors/configuration-error.ts';

interface Runtime {
  crypto?: Crypto;
  process?: { getBuiltinModule?(name: 'node:crypto'): { webcrypto?: Crypto } | undefined };
}

/**
 * Returns WebCrypto: the global, or that of `node:crypto` if the global is hidden, as in the environments of Jest 27.
 *
 * @throws ConfigurationError if there is neither.
 */
export function webCrypto(): Crypto {
  const { crypto, process } = globalThis as Runtime;
  const found = crypto ?? process?.getBuiltinModule?.('node:crypto')?.webcrypto;
  if (found) return found;
  throw new ConfigurationError('crypto', 'no global crypto: set globalThis.crypto to webcrypto of node:crypto');
}

/** Makes a new `Idempotency-Key`. @throws ConfigurationError as {@link webCrypto} does. */
export function newIdempotencyKey(): string {
  return webCrypto().randomUUID();
}
