/** The tree of hashes through which a block header commits to its transactions. */
import { writeDoubleSha256 } from './double-sha256.ts';

const HASH_BYTES = 32;
const NODE_BYTES = 2 * HASH_BYTES;

/**
 * Computes the merkle root of some hashes. `mutated` reports this tree's known flaw (CVE-2012-2459): with two equal adjacent
 * hashes, other lists of transactions have the same root.
 *
 * @param leaves the concatenated hashes, in their internal byte order; overwritten.
 * @param count the number of hashes, at least one. There must be room for one more.
 */
export function merkleRoot(leaves: Buffer, count: number): { root: Uint8Array; mutated: boolean } {
  if (count < 1 || leaves.length < (count + 1) * HASH_BYTES)
    throw new RangeError(`merkle root: expected at least one hash and room for one more, got ${count} in ${leaves.length} bytes`);
  let mutated = false;
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    for (let at = HASH_BYTES; at < width * HASH_BYTES; at += NODE_BYTES)
      if (leaves.compare(leaves, at, at + HASH_BYTES, at - HASH_BYTES, at) === 0) mutated = true;
    // An unpaired hash is paired with itself.
    if (width % 2 === 1) leaves.copy(leaves, width * HASH_BYTES, (width - 1) * HASH_BYTES, width * HASH_BYTES);
    for (let node = 0; node * 2 < width; node += 1)
      writeDoubleSha256(leaves.subarray(node * NODE_BYTES, (node + 1) * NODE_BYTES), leaves, node * HASH_BYTES);
  }
  return { root: leaves.subarray(0, HASH_BYTES), mutated };
}

/** Computes the merkle root of a list of hashes. @throws RangeError when the list is empty. */
export function merkleRootOf(hashes: readonly Uint8Array[]): { root: Uint8Array; mutated: boolean } {
  return merkleRoot(Buffer.concat([...hashes, new Uint8Array(HASH_BYTES)]), hashes.length);
}
