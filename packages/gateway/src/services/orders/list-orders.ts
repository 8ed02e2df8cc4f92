/** One page of the orders of a POS. */
import type { PaymentOrderList } from '@webpos/sdk/wire';
import type { Pos } from '../../merchants/pos.ts';
import type { OrderQuery } from '../../store/ports/order-store.ts';
import type { ServiceContext } from '../context.ts';
import { orderRetrieval } from '../../contract/order-wire.ts';
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
