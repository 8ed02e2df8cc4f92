/**
 * Decides how many indexes of a wallet to reserve at a time. A kill skips the rest of a block, and a wallet that is restored from its seed
 * may not look further than 20 unused addresses. So a block is one index while orders are rare, at the cost of a disk write for each.
 * A block is twice the last one if that was used within a second, and four times if within a quarter of a second, so that the disk is
 * written a few times a second at any rate of orders.
 */
export const MAX_BLOCK = 1024;

const DOUBLE_WITHIN_MS = 1_000;
const QUADRUPLE_WITHIN_MS = 250;
/** After such a pause the rate of orders is unknown: the next block is one index again. */
const PAUSE_MS = 5_000;

/** The last block, and how long ago it was reserved. */
export interface EarlierBlock {
  readonly size: number;
  readonly ageMs: number;
}

/**
 * Returns the size of the next block.
 *
 * @param wanted How many indexes are needed now: the smallest result.
 * @example blockSize({ size: 8, ageMs: 300 }, 1) // 16
 */
export function blockSize(before: EarlierBlock | undefined, wanted: number): number {
  return Math.max(wanted, grown(before));
}

function grown(before: EarlierBlock | undefined): number {
  if (before === undefined || before.ageMs > PAUSE_MS) return 1;
  const growth = before.ageMs <= QUADRUPLE_WITHIN_MS ? 4 : before.ageMs <= DOUBLE_WITHIN_MS ? 2 : 1;
  return Math.min(growth * before.size, MAX_BLOCK);
}
