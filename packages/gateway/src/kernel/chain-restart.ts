import type { BlockRef } from './chain.ts';
import type { EpochMs } from './clock.ts';

/** A restart of the watcher at a block that an operator chose. */
export interface ChainRestart {
  readonly at: EpochMs;
  /** The height that the gateway had reached before the restart. */
  readonly fromHeight: number;
  readonly to: BlockRef;
  /** First and last height of the blocks that were skipped unread; undefined if no block was skipped. */
  readonly unread: { readonly from: number; readonly to: number } | undefined;
  /** How many blocks the gateway rolled back because the node's chain does not contain them. */
  readonly undoneBlocks: number;
  /** How many unspent payments were found in the node's UTXO set instead of in blocks. */
  readonly foundPayments: number;
}
