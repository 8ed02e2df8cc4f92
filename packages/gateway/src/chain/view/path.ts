/**
 * Finds the way from the chain that we know to the source's current one: the blocks to roll back, newest first, and the block to
 * build on. A reorganisation is simply a path with blocks to roll back.
 */
import type { BlockRef } from '../../kernel/chain.ts';

/** Returns the source's current block at a height, or undefined above its tip. */
export type BlockAt = (height: number) => Promise<BlockRef | undefined>;

export type Fork =
  /** `base` is the last common block; `undo` are our blocks above it, newest first. */
  | { readonly kind: 'found'; readonly base: BlockRef; readonly undo: readonly BlockRef[] }
  /** The chains diverge below the oldest block that we remember. */
  | { readonly kind: 'too_deep'; readonly oldestKnown: BlockRef };

/**
 * Finds where our chain and the source's diverge.
 *
 * @param known Our newest blocks, newest first, at consecutive heights; at least one.
 */
export async function findFork(known: readonly BlockRef[], blockAt: BlockAt): Promise<Fork> {
  const undo: BlockRef[] = [];
  for (const ours of known) {
    const theirs = await blockAt(ours.height);
    if (theirs?.hash === ours.hash) return { kind: 'found', base: ours, undo };
    undo.push(ours);
  }
  const oldestKnown = known.at(-1);
  if (oldestKnown === undefined) throw new RangeError('fork: expected at least one known block, got none');
  return { kind: 'too_deep', oldestKnown };
}
