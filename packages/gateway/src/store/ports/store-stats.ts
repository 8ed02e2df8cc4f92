import type { EpochMs } from '../../kernel/clock.ts';
import type { UnassignedSum } from './unassigned-store.ts';

export interface StoreStats {
  /** Orders that a deadline will still move, by the contract's word for where they stood when they were last judged. */
  readonly openOrders: ReadonlyMap<string, number>;
  readonly waitingCallbacks: number;
  readonly oldestWaitingAt: EpochMs | undefined;
  /** Payments that the chain source no longer has, and that nothing has replaced. */
  readonly missingPayments: number;
  /** Given up. */
  readonly failedCallbacks: number;
  /** Unassigned payments that are there and that nobody has acknowledged, and what they are together. */
  readonly unassigned: Omit<UnassignedSum, 'accountId'>;
  /** Of the POS that are switched on. */
  readonly currencies: readonly string[];
}
