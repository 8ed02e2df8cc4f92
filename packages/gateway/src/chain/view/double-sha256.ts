/** Bitcoin's hash for the hot path: double SHA-256, written straight to its destination. */
import { hash } from 'node:crypto';

const between = Buffer.alloc(32);

/**
 * Writes the double SHA-256 of `bytes` to `target`, 32 bytes from `offset` on. The hash is returned as a latin1 string, which
 * costs a third of a new buffer.
 */
export function writeDoubleSha256(bytes: Uint8Array, target: Buffer, offset: number): void {
  between.write(hash('sha256', bytes, 'binary'), 'latin1');
  target.write(hash('sha256', between, 'binary'), offset, 'latin1');
}
