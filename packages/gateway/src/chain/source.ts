/**
 * The port to a Bitcoin chain. A source reports the current state of the chain and holds no state that we rely on. A notification
 * only wakes the watcher, which then reads the chain again, so a lost one costs time and nothing else.
 */
import { OperatorError } from '../kernel/operator-error.ts';
import type { BlockHash, BlockRef, Network, OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import type { SourceConcern } from './source-concern.ts';
import type { Match } from './view/match.ts';

export interface ChainSource {
  /** For logs and health: `bitcoind`, `sandbox`. */
  readonly name: string;
  readonly network: Network;

  /**
   * Checks that the source serves the expected chain and can be used now. Returns what may hide payments nevertheless, usually
   * nothing.
   *
   * @throws WrongChainError when it is another chain; SourceUnavailableError when it cannot be reached or is not ready.
   */
  check(signal: AbortSignal): Promise<readonly SourceConcern[]>;

  /** Returns the best block. */
  tip(signal: AbortSignal): Promise<BlockRef>;

  /** Returns the block at this height on the best chain, or undefined above the tip. */
  blockAt(height: number, signal: AbortSignal): Promise<BlockRef | undefined>;

  /**
   * Fetches a block in consensus serialisation, including stale ones that the source still has.
   *
   * @throws BlockMissingError when the source has pruned it.
   */
  block(hash: BlockHash, signal: AbortSignal): Promise<Uint8Array>;

  /**
   * Finds the unspent outputs of scripts, which takes some minutes. Absent if the source does not support it.
   *
   * @throws SourceUnavailableError when the source is busy with another scan, or refuses.
   */
  unspent?(
    scripts: readonly ScriptHex[],
    options: { readonly signal: AbortSignal; readonly progress: (percent: number) => void },
  ): Promise<UnspentScan>;

  /** Present if the source can recover blocks that it has pruned. */
  readonly pruned?: PrunedBlocks;

  /**
   * Fetches up to `count` headers of the best chain from a height on, 80 bytes each. Absent if the source generates its own
   * chain, which needs no check.
   */
  headers?(from: number, count: number, signal: AbortSignal): Promise<readonly Uint8Array[]>;

  /** Returns the ids of all transactions in the mempool. */
  mempool(signal: AbortSignal): Promise<MempoolIds>;

  /** Fetches mempool transactions in consensus serialisation, without those that have left it meanwhile. */
  mempoolTransactions(txids: readonly Txid[], signal: AbortSignal): Promise<ReadonlyMap<Txid, Uint8Array>>;

  /**
   * Finds the mempool transactions that spend these outputs, by output key (`outPointKey`). An output without an entry is not
   * spent as far as the source knows, which is no proof that it is unspent.
   */
  spendersOf(outPoints: readonly OutPoint[], signal: AbortSignal): Promise<ReadonlyMap<string, Txid>>;

  /**
   * Finds which of these outputs are unspent, by blocks and mempool, by output key. Absent if the source cannot say.
   */
  unspentAmong?(outPoints: readonly OutPoint[], signal: AbortSignal): Promise<ReadonlySet<string>>;

  /** Estimates a fee rate in satoshi per virtual byte; undefined if it has no estimate. Absent if the source never has one. */
  feeRate?(signal: AbortSignal): Promise<number | undefined>;

  /** Submits a transaction to the network, or submits it again. A refusal says nothing about the fate of the transaction. */
  submit(raw: Uint8Array, signal: AbortSignal): Promise<SubmitOutcome>;

  /**
   * Returns why the configured notifications do not arrive, or undefined if they do. Without them, a source polls for changes,
   * which takes longer. Absent if no notifications are configured.
   */
  notificationTrouble?(signal: AbortSignal): Promise<string | undefined>;

  /** Calls `wake` when something may have changed, until the signal is aborted. May miss changes; never throws. */
  onChange(wake: () => void, signal: AbortSignal): void;
}

export interface UnspentScan {
  /** The newest block that was scanned. */
  readonly tip: BlockRef;
  readonly outputs: readonly Unspent[];
}

/** An unspent output in a block of the best chain. */
export interface Unspent {
  /** Without its transaction, which the source may have pruned. */
  readonly match: Omit<Match, 'raw'>;
  readonly height: number;
}

export interface PrunedBlocks {
  /**
   * Fetches such a block from peers, which may take some seconds.
   *
   * @throws BlockMissingError when no peer has sent it.
   */
  fetch(block: BlockRef, signal: AbortSignal): Promise<Uint8Array>;
  /** How many peers may have a block of this height. */
  peers(height: number, signal: AbortSignal): Promise<number>;
}

/**
 * What a source reports about a transaction that is in no block. `waiting`: it is in the mempool. `gone`: it will certainly not
 * come back by itself, which only an in-process chain can know. `unknown`: it is not in the mempool, which proves nothing.
 */
export type MempoolPlace = 'waiting' | 'gone' | 'unknown';

export type SubmitOutcome =
  /** It is in the mempool, or already in a block. */
  { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly reason: string };

/** The transactions in the mempool. */
export interface MempoolIds extends Iterable<Txid> {
  readonly size: number;
  placeOf(txid: Txid): MempoolPlace;
  /**
   * Returns the changes since an earlier answer, if the source knows them; a transaction that came back is in both lists. If
   * undefined, the two answers have to be compared.
   */
  changesSince?(earlier: MempoolIds): { readonly added: readonly Txid[]; readonly removed: readonly Txid[] } | undefined;
}

/** Creates a mempool from a complete list; `otherwise` is the place of all other transactions. */
export function mempoolOf(ids: ReadonlySet<Txid>, otherwise: 'gone' | 'unknown'): MempoolIds {
  return {
    size: ids.size,
    placeOf: (txid) => (ids.has(txid) ? 'waiting' : otherwise),
    [Symbol.iterator]: () => ids[Symbol.iterator](),
  };
}

/** The source cannot be reached, or is not ready yet; try again later. */
export class SourceUnavailableError extends OperatorError {
  override readonly name = 'SourceUnavailableError';
}

/** The source serves another chain than the expected one and must never be trusted. */
export class WrongChainError extends OperatorError {
  override readonly name = 'WrongChainError';
}

/** The source no longer has a block that we need. */
export class BlockMissingError extends OperatorError {
  override readonly name = 'BlockMissingError';
}

/** The source presents blocks that break the rules of the network: it, or someone between it and us, is lying. */
export class ForgedHeaderError extends OperatorError {
  override readonly name = 'ForgedHeaderError';
}
