/**
 * What the watcher tells the rest of the gateway: one step of the chain, to be stored whole or not at all.
 */
import type { BlockHash, BlockRef, Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { Match } from './view/match.ts';

export interface ChainChange {
  /** When the reading of the chain began that led here. */
  readonly readAt: EpochMs;
  /** Blocks of ours that the best chain no longer has, newest first. */
  readonly undo: readonly BlockRef[];
  /** Blocks new to us, oldest first, each with what pays us in it. */
  readonly apply: readonly AppliedBlock[];
  /** The mempool as it is beside the last block, or undefined while the watcher is still behind the tip. */
  readonly mempool: MempoolView | undefined;
}

export interface AppliedBlock extends BlockRef {
  readonly previous: BlockHash;
  readonly matches: readonly Match[];
}

export interface MempoolView {
  /** Whether a transaction is in the mempool. */
  has(txid: Txid): boolean;
  /** What pays us in transactions that were not looked at before. */
  readonly matches: readonly Match[];
}
