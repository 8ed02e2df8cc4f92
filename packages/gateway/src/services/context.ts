/** The contexts of services, by role. A service takes the narrowest one that it needs. */
import type { Clock } from '../kernel/clock.ts';
import type { NewUuid, OrderId } from '../kernel/ids.ts';
import type { Store } from '../store/ports/store.ts';
import type { FixedAccount } from '../merchants/account.ts';
import type { Pos } from '../merchants/pos.ts';
import type { OrderAddress } from '../orders/order.ts';
import type { Refund } from '../refunds/refund.ts';

/** Verifies addresses, and the rows that they come from, before they are shown (`seals/seal-guard.ts`). */
export interface AddressGuard {
  isSealedOrder(order: OrderAddress): boolean;
  isSoundOrder(order: OrderAddress, pos: Pos, account: FixedAccount): boolean;
  isSoundPos(pos: Pick<Pos, 'id' | 'accountId' | 'accountSeal'>): boolean;
  isSoundAccount(account: FixedAccount): boolean;
  isSoundRefund(refund: Refund): boolean;
  /** @throws ContractError 4006 if the address of an order must not be shown. */
  assertOrder(order: OrderAddress, pos: Pos, account: FixedAccount): void;
  /** @throws ContractError 4006 if the account of a POS is not the one that it was bound to. */
  assertPos(pos: Pos): void;
  /** @throws ContractError 4006 if no address may be derived from an account. */
  assertAccount(account: FixedAccount): void;
}

/** Shows addresses, each of which is verified first. */
export interface GuardedContext {
  readonly guard: AddressGuard;
}

/** Reads and writes the store. */
export interface StoreContext {
  readonly store: Store;
  readonly clock: Clock;
}

/** Creates new entities. */
export interface CreationContext extends StoreContext {
  readonly newUuid: NewUuid;
}

/** Shows orders as the contract's objects. */
export interface OrderReadContext extends StoreContext {
  /** The base URL of links to this gateway, without a slash at the end. */
  readonly publicUrl: string;
}

/** Changes orders, has their callbacks sent, and updates the pages that show them. */
export interface OrderChangeContext extends CreationContext, OrderReadContext, GuardedContext {
  /** The confirmations with which a payment is buried. */
  readonly finalDepth: number;
  /** Call it when callbacks have been stored, so that they are sent immediately. */
  readonly callbacksStored: () => void;
  /** Call it when orders may have changed, so that open pages are updated. */
  readonly ordersChanged: (ids: Iterable<OrderId>) => void;
}

/** The deadlines of new orders, in milliseconds. */
export interface OrderTimes {
  readonly orderTtlMs: number;
  readonly settlementTimeoutMs: number;
  readonly chargebackTimeoutMs: number;
}

/** Redelivers callbacks. */
export type RedeliveryContext = Pick<OrderChangeContext, 'store' | 'clock' | 'callbacksStored'>;
