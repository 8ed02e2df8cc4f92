/**
 * How many indexes of a wallet are set aside at a time. A kill skips at most one block, and a wallet that is restored from its seed
 * may not look further than 20 unused addresses: so a block is one index while orders are rare, which costs a write to the disk
 * for each. It doubles whenever a block was used up within a second, and grows fourfold within a quarter of one, so that however fast orders
 * come the disk is asked a few times a second.
 */
export const LARGEST_BLOCK = 1024;

const USED_UP_SOON_MS = 1_000;
const USED_UP_AT_ONCE_MS = 250;
/** After such a pause nothing is known any more of how fast orders come. */
const PAUSE_MS = 5_000;

/** The block before, and how long ago it was set aside. */
export interface EarlierBlock {
  readonly size: number;
  readonly ageMs: number;
}

/**
 * The size of the next block.
 *
 * @param wanted How many indexes are needed at once: never less are set aside.
 * @example blockSize({ size: 8, ageMs: 300 }, 1) // 16
 */
export function blockSize(before: EarlierBlock | undefined, wanted: number): number {
  return Math.max(wanted, grown(before));
}

function grown(before: EarlierBlock | undefined): number {
  if (before === undefined || before.ageMs > PAUSE_MS) return 1;
  const growth = before.ageMs <= USED_UP_AT_ONCE_MS ? 4 : before.ageMs <= USED_UP_SOON_MS ? 2 : 1;
  return Math.min(growth * before.size, LARGEST_BLOCK);
}
