/** The storage of the sandbox's chain, which restores it after a restart. */
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
  /** By position. */
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
  /** The sort key: parents come before their children. */
  readonly position: number;
}

/** In the mempool; in the mempool but skipped by miners; or dropped, and remembered in case it is sent again. */
export type TransactionPlace = 'waiting' | 'held' | 'dropped';

/** The changes since the last save, stored entirely or not at all. Removals come first. */
export interface SandboxSave {
  /** Delete the blocks from this height on. */
  readonly rollBackFrom: number | undefined;
  /** Delete blocks below this height. */
  readonly pruneBelow: number | undefined;
  readonly blocks: readonly StoredSandboxBlock[];
  /** How pruning changes the coins from before the first block. */
  readonly spentCoins: readonly OutPoint[];
  readonly newCoins: readonly Coin[];
  readonly removed: readonly Txid[];
  readonly added: readonly StoredSandboxTransaction[];
}
