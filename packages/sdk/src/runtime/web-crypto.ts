import { ConfigurationError } from '../errors/configuration-error.ts';

interface Runtime {
  crypto?: Crypto;
  process?: { getBuiltinModule?(name: 'node:crypto'): { webcrypto?: Crypto } | undefined };
}

/**
 * WebCrypto: the global, or that of `node:crypto` where a program hides the global, as the environments of Jest 27 do.
 *
 * @throws ConfigurationError where there is neither.
 */
export function webCrypto(): Crypto {
  const { crypto, process } = globalThis as Runtime;
  const found = crypto ?? process?.getBuiltinModule?.('node:crypto')?.webcrypto;
  if (found) return found;
  throw new ConfigurationError('crypto', 'no global crypto: set globalThis.crypto to webcrypto of node:crypto');
}

/** A new `Idempotency-Key`. @throws ConfigurationError as {@link webCrypto} does. */
export function newIdempotencyKey(): string {
  return webCrypto().randomUUID();
}
