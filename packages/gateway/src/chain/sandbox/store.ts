/** Where the sandbox keeps its chain, so that a restart finds it as it was. */
import type { BlockHash, BlockRef, Txid } from '../../kernel/chain.ts';

export interface SandboxStore {
  load(): Promise<SandboxSnapshot>;
  save(change: SandboxSave): Promise<void>;
}

export interface SandboxSnapshot {
  /** Oldest first. */
  readonly blocks: readonly StoredSandboxBlock[];
  /** In the order of their coming. */
  readonly mempool: readonly StoredSandboxTransaction[];
}

export interface StoredSandboxBlock extends BlockRef {
  readonly hash: BlockHash;
  readonly raw: Uint8Array;
}

export interface StoredSandboxTransaction {
  readonly txid: Txid;
  readonly raw: Uint8Array;
}

/** What has changed since the last time; all of it is stored, or nothing. */
export interface SandboxSave {
  /** Forget the blocks from this height on, before adding. */
  readonly undoFrom?: number;
  /** Forget blocks below this height. */
  readonly pruneBelow?: number;
  readonly blocks: readonly StoredSandboxBlock[];
  /** The whole mempool as it is now. */
  readonly mempool: readonly StoredSandboxTransaction[];
}
