import type { ChainRestart } from '../../kernel/chain-restart.ts';
import type { BlockRef } from '../../kernel/chain.ts';

export interface ChainStore {
  /** Returns the last blocks of the stored chain, the newest first. */
  recent(limit: number): Promise<BlockRef[]>;
  tip(): Promise<BlockRef | undefined>;
  /** Returns the newest block and the height of the oldest one; undefined if none is stored. */
  ends(): Promise<{ readonly tip: BlockRef; readonly lowestHeight: number } | undefined>;
  append(blocks: readonly BlockRef[]): Promise<void>;
  /** Rolls back all blocks from a height on. */
  rollBackFrom(height: number): Promise<void>;
  /** Deletes the blocks below a height. */
  prune(belowHeight: number): Promise<void>;
  /** Records that an operator restarted the watcher at another block. Call it in a transaction. */
  recordRestart(restart: ChainRestart): Promise<void>;
  /** Returns all recorded restarts, the oldest first. */
  restarts(): Promise<ChainRestart[]>;
}
