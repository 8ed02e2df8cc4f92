/** Bitcoin's hash: SHA-256 twice. Shown to people with its bytes reversed. */
import { createHash } from 'node:crypto';

export function doubleSha256(...parts: readonly Uint8Array[]): Uint8Array {
  const first = createHash('sha256');
  for (const part of parts) first.update(part);
  return createHash('sha256').update(first.digest()).digest();
}

/** A hash as people write it: reversed, in hex. */
export function toDisplayHex(hash: Uint8Array): string {
  return Buffer.from(hash).reverse().toString('hex');
}

/** The bytes of a hash that people write reversed, in hex. */
export function fromDisplayHex(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex').reverse();
}
