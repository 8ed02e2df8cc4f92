import { bytesOf } from './raw-body.ts';

/** Signs a message: its HMAC in base64. At once where there is node:crypto; else later, and of the bytes as they are now. */
export type Signer = (message: Uint8Array) => string | Promise<string>;

/** What we take of node:crypto. It is asked for at run time and never imported, so that this module loads everywhere. */
interface Runtime {
  process?: { getBuiltinModule?(name: 'node:crypto'): { hash?: OneShotHash } | undefined };
}
interface OneShotHash {
  (name: string, message: Uint8Array | string, encoding: 'buffer'): Uint8Array;
  (name: string, message: Uint8Array, encoding: 'base64'): string;
}

// Room for a usual callback; a longer one has its own for once.
const KEPT_BYTES = 8192;

/**
 * HMAC-SHA256 or HMAC-SHA512 with one key: by node:crypto where there is one, which is several times as fast, by
 * WebCrypto elsewhere. A text stands for its SHA-256 as the key, which is how `chainside-signature` is keyed.
 */
export function signerOf(bits: 256 | 512, key: Uint8Array | string): Signer {
  const hash = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto')?.hash;
  if (!hash) return webSigner(bits, key);
  // RFC 2104 by two hashes in one call each: the objects that createHmac makes cost a tenth more.
  const name = `sha${bits}`;
  const blockSize = bits / 4;
  const inner = new Uint8Array(KEPT_BYTES).fill(0x36);
  const outer = new Uint8Array(blockSize + bits / 8).fill(0x5c);
  (typeof key === 'string' ? hash('sha256', key, 'buffer') : key).forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
  return (message) => {
    const end = blockSize + message.length;
    const block = end > KEPT_BYTES ? new Uint8Array(end) : inner;
    block.set(inner.subarray(0, blockSize));
    block.set(message, blockSize);
    outer.set(hash(name, block.subarray(0, end), 'buffer'), blockSize);
    return hash(name, outer, 'base64');
  };
}

function webSigner(bits: number, key: Uint8Array | string): Signer {
  const { subtle } = crypto;
  let imported: Promise<CryptoKey> | undefined;
  return async (message) => {
    const copy = message.slice();
    imported ??= Promise.resolve(typeof key === 'string' ? subtle.digest('SHA-256', bytesOf(key) as BufferSource) : key).then(
      (raw) => subtle.importKey('raw', raw as BufferSource, { name: 'HMAC', hash: `SHA-${bits}` }, false, ['sign']),
    );
    return btoa(String.fromCharCode(...new Uint8Array(await subtle.sign('HMAC', await imported, copy))));
  };
}

/**
 * Says whether two texts are the same, in the same time wherever the first difference is; `expected` sets how long that
 * takes, so that no sender can stretch it.
 */
export function isSameText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0;
}
