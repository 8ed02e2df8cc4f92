import type { EpochMs } from '../../kernel/clock.ts';
import type { UnassignedSum } from './unassigned-store.ts';

export interface StoreStats {
  /** Number of orders that are not final, by their `blockchain_status`. */
  readonly openOrders: ReadonlyMap<string, number>;
  readonly waitingCallbacks: number;
  readonly oldestWaitingAt: EpochMs | undefined;
  readonly missingPayments: number;
  /** Callbacks that were given up. */
  readonly failedCallbacks: number;
  /** Messages to people that wait to be sent, and those that were given up. */
  readonly messages: { readonly waiting: number; readonly failed: number };
  /** Number and sum of the unassigned payments that count and have not been acknowledged. */
  readonly unassigned: Omit<UnassignedSum, 'accountId'>;
  /** The currencies of the enabled POS. */
  readonly currencies: readonly string[];
}
