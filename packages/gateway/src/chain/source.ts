/**
 * The port to a Bitcoin chain. A source answers what the chain is now; it keeps no state that we rely on. A
 * notification only wakes the watcher, which then reads the chain again, so a lost one costs time and nothing else.
 */
import { OperatorError } from '../kernel/operator-error.ts';
import type { BlockHash, BlockRef, Network, Txid } from '../kernel/chain.ts';

export interface ChainSource {
  /** For logs and health: `bitcoind`, `sandbox`. */
  readonly name: string;
  readonly network: Network;

  /**
   * Makes sure that this is the chain we were told it is, and that it can be used now.
   *
   * @throws WrongChainError when it is another chain; SourceUnavailableError when it cannot be reached or is not ready.
   */
  check(signal: AbortSignal): Promise<void>;

  /** The best block. */
  tip(signal: AbortSignal): Promise<BlockRef>;

  /** The block at this height on the best chain, or undefined above the tip. */
  blockAt(height: number, signal: AbortSignal): Promise<BlockRef | undefined>;

  /**
   * A block in consensus serialisation, stale ones too where the source still has them.
   *
   * @throws BlockMissingError when the source has pruned it.
   */
  block(hash: BlockHash, signal: AbortSignal): Promise<Uint8Array>;

  /** The ids of all transactions in the mempool. */
  mempool(signal: AbortSignal): Promise<MempoolIds>;

  /** Transactions of the mempool in consensus serialisation; one that has left meanwhile is missing in the answer. */
  mempoolTransactions(txids: readonly Txid[], signal: AbortSignal): Promise<ReadonlyMap<Txid, Uint8Array>>;

  /** Calls `wake` when something may have changed, until the signal ends it. May miss changes; never throws. */
  onChange(wake: () => void, signal: AbortSignal): void;
}

/** Which transactions wait in the mempool; a set will do. */
export interface MempoolIds extends Iterable<Txid> {
  readonly size: number;
  has(txid: Txid): boolean;
  /**
   * What has come and gone since an earlier answer, where the source knows; one that came back is in both. Undefined where
   * it does not know, and the two are to be compared.
   */
  changesSince?(earlier: MempoolIds): { readonly added: readonly Txid[]; readonly removed: readonly Txid[] } | undefined;
}

/** The source cannot be reached, or is not ready yet: try again later. */
export class SourceUnavailableError extends OperatorError {
  override readonly name = 'SourceUnavailableError';
}

/** The source serves another chain than the one that we were told: never trust it. */
export class WrongChainError extends OperatorError {
  override readonly name = 'WrongChainError';
}

/** The source no longer has a block that we need. */
export class BlockMissingError extends OperatorError {
  override readonly name = 'BlockMissingError';
}
