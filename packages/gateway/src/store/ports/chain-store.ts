import type { ChainRestart } from '../../kernel/chain-restart.ts';
import type { BlockRef } from '../../kernel/chain.ts';

export interface ChainStore {
  /** The newest blocks that we stand on, newest first. */
  recent(limit: number): Promise<BlockRef[]>;
  tip(): Promise<BlockRef | undefined>;
  append(blocks: readonly BlockRef[]): Promise<void>;
  /** Forgets these blocks and all above them. */
  undoFrom(height: number): Promise<void>;
  /** Forgets blocks below a height. */
  prune(belowHeight: number): Promise<void>;
  /** Notes that the position was set by hand. In a transaction. */
  noteRestart(restart: ChainRestart): Promise<void>;
  /** Positions that were set by hand, the last one last. */
  restarts(): Promise<ChainRestart[]>;
}
