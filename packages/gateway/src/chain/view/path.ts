/**
 * How to get from the chain that we know to the one that the source has now: the blocks to undo, newest first, and the
 * block to build on. A reorganisation is nothing but a path with something to undo.
 */
import type { BlockRef } from '../../kernel/chain.ts';

/** Answers the block that the source now has at a height, or undefined above its tip. */
export type BlockAt = (height: number) => Promise<BlockRef | undefined>;

export type Fork =
  /** `base` is the last block that both have; `undo` are ours above it, newest first. */
  | { readonly kind: 'found'; readonly base: BlockRef; readonly undo: readonly BlockRef[] }
  /** The two chains part below everything that we remember. */
  | { readonly kind: 'too_deep'; readonly oldestKnown: BlockRef };

/**
 * Finds where our chain and the source's part.
 *
 * @param known Our newest blocks, newest first, heights falling by one; at least one.
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
