/** What the watcher passes on to the rest of the gateway: one step of the chain, stored entirely or not at all. */
import type { BlockHash, BlockRef, OutPoint, Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { MempoolPlace } from './source.ts';
import type { Match } from './view/match.ts';

export interface ChainChange {
  /** When the reading of the chain that led here began. */
  readonly readAt: EpochMs;
  /**
   * The time up to which this reading covers the chain: `readAt` in most cases, and earlier, or undefined, when the source may
   * miss payments. Deadlines are judged by it.
   */
  readonly knownUntil: EpochMs | undefined;
  /**
   * The newest stored block when this was read; undefined before the first start. The step is stored only if it still is the newest:
   * a database that has gone back no longer has blocks that this step relies on.
   */
  readonly storedTip: BlockHash | undefined;
  /** Stored blocks that are no longer in the best chain, newest first. */
  readonly undo: readonly UndoneBlock[];
  /** New blocks, oldest first, each with the payments to us in it. */
  readonly apply: readonly AppliedBlock[];
  /** Stored blocks that stay, read again with scripts watched since. */
  readonly again: readonly AppliedBlock[];
  /** The mempool as of the last block, or undefined until the watcher reaches the tip. */
  readonly mempool: MempoolView | undefined;
}

export interface UndoneBlock extends BlockRef {
  /**
   * The payments to all scripts watched now, perhaps more than were stored with the block. Empty when the source no longer has
   * it.
   */
  readonly matches: readonly Match[];
}

export interface AppliedBlock extends BlockRef {
  readonly previous: BlockHash;
  readonly matches: readonly Match[];
  /** Transactions in it that spend the inputs of an unconfirmed payment of ours: the payment itself, or a conflict. */
  readonly spends: readonly Spend[];
}

/** A transaction that spends an output. */
export interface Spend {
  readonly outPoint: OutPoint;
  readonly by: Txid;
}

export interface MempoolView {
  placeOf(txid: Txid): MempoolPlace;
  /** Payments to us in transactions that had not been examined before. */
  readonly matches: readonly Match[];
  /**
   * The unconfirmed ancestors of these transactions, parents first, in consensus serialisation. Transactions without ancestors
   * have no entry.
   */
  readonly ancestors: ReadonlyMap<Txid, readonly Uint8Array[]>;
  /** The mempool transactions that spend the inputs of payments missing from the mempool, by output key. */
  readonly spenders: ReadonlyMap<string, Txid>;
}
