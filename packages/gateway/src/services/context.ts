/** What services are given, by role; each names the narrowest that it can do with. */
import type { Clock } from '../kernel/clock.ts';
import type { NewUuid, OrderId } from '../kernel/ids.ts';
import type { Store } from '../store/ports/store.ts';

/** To read and write what is stored. */
export interface StoreContext {
  readonly store: Store;
  readonly clock: Clock;
}

/** To store something new. */
export interface CreationContext extends StoreContext {
  readonly newUuid: NewUuid;
}

/** To show an order in the words of the contract. */
export interface OrderReadContext extends StoreContext {
  /** The base of the links that we hand out, without a slash at its end. */
  readonly publicUrl: string;
}

/** To move an order, and to have its events sent and its pages shown anew. */
export interface OrderChangeContext extends CreationContext, OrderReadContext {
  /** With so many confirmations a payment counts as final. */
  readonly finalDepth: number;
  /** Told when a callback has been stored, so that it is sent at once. */
  readonly callbacksStored: () => void;
  /** Told after orders may have changed, so that anyone who looks at them looks again. */
  readonly ordersChanged: (ids: Iterable<OrderId>) => void;
}

/** How long new orders have. */
export interface OrderTimes {
  readonly orderTtlMs: number;
  readonly settlementTimeoutMs: number;
  readonly chargebackTimeoutMs: number;
}

/** To have callbacks sent again. */
export type RedeliveryContext = Pick<OrderChangeContext, 'store' | 'clock' | 'callbacksStored'>;
