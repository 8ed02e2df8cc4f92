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

/** A signer by node:crypto; undefined where none exists. A text stands for its SHA-256 as the key. */
export function nodeSigner(bits: 256 | 512, key: Uint8Array | string): Signer | undefined {
  const hash = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto')?.hash;
  if (!hash) return undefined;
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
