import type { BlockRef } from './chain.ts';
import type { EpochMs } from './clock.ts';

/** A position in the chain that was set by hand. */
export interface ChainRestart {
  readonly at: EpochMs;
  /** Where the gateway stood. */
  readonly fromHeight: number;
  readonly to: BlockRef;
  /** The blocks that were not read, both included; undefined: none. */
  readonly unread: { readonly from: number; readonly to: number } | undefined;
  /** Blocks that the gateway had read and that the node's chain does not have. */
  readonly undoneBlocks: number;
  /** Unspent payments that were found without their blocks. */
  readonly foundPayments: number;
}
