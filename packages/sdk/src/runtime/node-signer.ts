/**
 * Signs a message: returns its HMAC in base64, synchronously with `node:crypto`, otherwise as a promise over a copy of the bytes.
 */
export type Signer = (message: Uint8Array) => string | Promise<string>;

/** The part of `node:crypto` that is used. It is loaded at run time, so that this module loads everywhere. */
interface Runtime {
  process?: { getBuiltinModule?(name: 'node:crypto'): { hash?: OneShotHash } | undefined };
}
interface OneShotHash {
  (name: string, message: Uint8Array | string, encoding: 'buffer'): Uint8Array;
  (name: string, message: Uint8Array, encoding: 'base64'): string;
}

// Fits a typical callback; a larger message gets a buffer of its own.
const BUFFER_BYTES = 8192;

/** Makes a signer with `node:crypto`; undefined if it is missing. A key given as text is replaced by its SHA-256. */
export function nodeSigner(bits: 256 | 512, key: Uint8Array | string): Signer | undefined {
  const hash = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto')?.hash;
  if (!hash) return undefined;
  // RFC 2104 as two one-shot hashes, which is a tenth faster than createHmac.
  const name = `sha${bits}`;
  const blockSize = bits / 4;
  const inner = new Uint8Array(BUFFER_BYTES).fill(0x36);
  const outer = new Uint8Array(blockSize + bits / 8).fill(0x5c);
  (typeof key === 'string' ? hash('sha256', key, 'buffer') : key).forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
  return (message) => {
    const end = blockSize + message.length;
    const block = end > BUFFER_BYTES ? new Uint8Array(end) : inner;
    block.set(inner.subarray(0, blockSize));
    block.set(message, blockSize);
    outer.set(hash(name, block.subarray(0, end), 'buffer'), blockSize);
    return hash(name, outer, 'base64');
  };
}
