/** Bitcoin's hash: double SHA-256. Displayed with reversed bytes. */
import { createHash } from 'node:crypto';

export function doubleSha256(...parts: readonly Uint8Array[]): Uint8Array {
  const first = createHash('sha256');
  for (const part of parts) first.update(part);
  return createHash('sha256').update(first.digest()).digest();
}

/** A hash as it is displayed: reversed, in hex. */
export function toDisplayHex(hash: Uint8Array): string {
  return Buffer.from(hash).reverse().toString('hex');
}

/** The bytes of a displayed hash. */
export function fromDisplayHex(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex').reverse();
}
