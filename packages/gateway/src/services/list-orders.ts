/** One page of the orders of a POS. */
import type { PaymentOrderList } from '@webpos/sdk/wire';
import type { Pos } from '../orders/pos.ts';
import type { OrderQuery } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';
import { orderRetrieval } from './order-wire.ts';
import { inContext } from './save-settled.ts';

export async function listOrders(
  context: ServiceContext,
  pos: Pos,
  wanted: Omit<OrderQuery, 'posId'>,
): Promise<PaymentOrderList> {
  const { total, orders } = await context.store.orders.list({ ...wanted, posId: pos.id });
  const tip = await context.store.chain.tip();
  const at = { tipHeight: tip?.height ?? 0, now: context.clock.now() };
  const paymentorders = await Promise.all(
    orders.map(async (order) => orderRetrieval(await inContext(context, context.store, order, at, pos))),
  );
  return { total_items: total, total_pages: Math.ceil(total / wanted.pageSize), paymentorders };
}
