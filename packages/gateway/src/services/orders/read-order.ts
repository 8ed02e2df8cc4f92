/** Reads an order for the POS that created it, or for its buyer. */
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderInContext } from '../../contract/order-wire.ts';
import { isUuidV4, type OrderId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { GuardedContext, OrderReadContext } from '../context.ts';
import { cachedAccount } from '../merchants/account-cache.ts';
import { asOfNow, orderInContext } from './order-in-context.ts';

/** What shows orders with their addresses. */
export type OrderShowContext = OrderReadContext & GuardedContext;

/** @throws ContractError 3001 if the order does not exist or belongs to another POS; 4006 if its address is not authentic. */
export async function readOrderOfPos(context: OrderShowContext, pos: Pos, id: string): Promise<OrderInContext> {
  const order = await orderOf(context, id);
  if (order?.terms.posId !== pos.id) throw new ContractError('3001', 'payment order not found');
  return guarded(context, await orderInContext(context, context.store, order, await asOfNow(context), pos));
}

/** Returns the order without a query, if everything that it needs is cached. @throws ContractError 4006 if its address is not authentic. */
export function cachedOrderOfPos(
  { store, clock, publicUrl, guard }: OrderShowContext,
  pos: Pos,
  id: string,
): OrderInContext | undefined {
  const order = store.cached.order(id as OrderId);
  const tip = store.cached.tip();
  if (order === undefined || tip === undefined || order.terms.posId !== pos.id) return undefined;
  const account = cachedAccount(store, order.terms.accountId);
  if (account === undefined) return undefined;
  guard.assertOrder(order.terms, pos, account);
  return { order, pos, account, tipHeight: tip.height, now: clock.now(), publicUrl };
}

/**
 * Finds an order by its id alone, which is a secret between the shop and the buyer.
 *
 * @throws ContractError 4006 if its address is not authentic.
 */
export async function findOrder(context: OrderShowContext, id: string): Promise<OrderInContext | undefined> {
  const order = await orderOf(context, id);
  return order && guarded(context, await orderInContext(context, context.store, order, await asOfNow(context)));
}

/** @throws ContractError 4006 */
function guarded({ guard }: GuardedContext, found: OrderInContext): OrderInContext {
  guard.assertOrder(found.order.terms, found.pos, found.account);
  return found;
}

async function orderOf({ store }: Pick<OrderReadContext, 'store'>, id: string): Promise<Order | undefined> {
  return isUuidV4(id) ? store.orders.get(id as OrderId) : undefined;
}
