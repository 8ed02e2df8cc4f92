/**
 * The addresses of orders wherever people or programs see them beside the rest of the order. One that is not authentic is null: the
 * merchant still needs to read what the order has received.
 */
import type { OrderInContext } from '../../contract/order-wire.ts';
import { isTurnLong, nextTurn } from '../../kernel/thread/turns.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order, OrderAddress } from '../../orders/order.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { loadAccount } from '../merchants/account-cache.ts';
import type { GuardedContext } from '../context.ts';

/** An order with the address that may be shown of it; null if the stored one is not authentic. */
export interface CheckedOrder {
  readonly order: Order;
  readonly address: string | null;
}

export interface AddressContext extends GuardedContext {
  readonly store: Pick<StoreReads, 'pos' | 'accounts'>;
}

export function shownAddress(
  { guard }: GuardedContext,
  { order: { terms }, pos, account }: Pick<OrderInContext, 'order' | 'pos' | 'account'>,
): string | null {
  return guard.isSoundOrder(terms, pos, account) ? terms.address : null;
}

/** Returns the address of an order that was read without its POS and its account; null if the stored one is not authentic. */
export async function checkedAddress({ store, guard }: AddressContext, stored: OrderAddress): Promise<string | null> {
  if (guard.isSealedOrder(stored)) return stored.address;
  // Its address is derived, which takes a millisecond: after a renewal of the key, that of every earlier order is.
  if (isTurnLong()) await nextTurn();
  const pos = await store.pos.get(stored.posId);
  const account = await loadAccount(store, store.accounts, stored.accountId);
  return pos !== undefined && account !== undefined && guard.isSoundOrder(stored, pos, account) ? stored.address : null;
}

/** Checks the addresses of the orders of a page. */
export async function checkedOrders(
  { store, guard }: AddressContext,
  orders: readonly Order[],
): Promise<readonly CheckedOrder[]> {
  const byId = new Map<PosId, Pos | undefined>();
  const checked: CheckedOrder[] = [];
  for (const order of orders) {
    const { posId, accountId } = order.terms;
    if (isTurnLong()) await nextTurn();
    if (!byId.has(posId)) byId.set(posId, await store.pos.get(posId));
    const pos = byId.get(posId);
    const account = await loadAccount(store, store.accounts, accountId);
    const address = pos === undefined || account === undefined ? null : shownAddress({ guard }, { order, pos, account });
    checked.push({ order, address });
  }
  return checked;
}
