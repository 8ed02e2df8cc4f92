/** Where the sandbox keeps its chain, so that a restart finds it as it was. */
import type { BlockHash, BlockRef, OutPoint, Txid } from '../../kernel/chain.ts';
import type { Coin } from './coins.ts';

export interface SandboxStore {
  load(): Promise<SandboxSnapshot>;
  save(change: SandboxSave): Promise<void>;
}

export interface SandboxSnapshot {
  /** Oldest first. */
  readonly blocks: readonly StoredSandboxBlock[];
  /** The wallet's coins as they were before the first of these blocks. */
  readonly coins: readonly Coin[];
  /** By their position. */
  readonly transactions: readonly StoredSandboxTransaction[];
}

export interface StoredSandboxBlock extends BlockRef {
  readonly hash: BlockHash;
  readonly raw: Uint8Array;
}

/** A transaction that is in no block. */
export interface StoredSandboxTransaction {
  readonly txid: Txid;
  readonly raw: Uint8Array;
  readonly place: TransactionPlace;
  /** By which they are sorted: parents come before what spends from them. */
  readonly position: number;
}

/** In the mempool; there too, but passed over by miners; or no longer there, and remembered in case it is sent again. */
export type TransactionPlace = 'waiting' | 'held' | 'dropped';

/** What has changed since the last time; all of it is stored, or nothing. Removals come first. */
export interface SandboxSave {
  /** Forget the blocks from this height on. */
  readonly undoFrom: number | undefined;
  /** Forget blocks below this height. */
  readonly pruneBelow: number | undefined;
  readonly blocks: readonly StoredSandboxBlock[];
  /** What pruning does to the coins before the first block. */
  readonly spentCoins: readonly OutPoint[];
  readonly newCoins: readonly Coin[];
  readonly removed: readonly Txid[];
  readonly added: readonly StoredSandboxTransaction[];
}
