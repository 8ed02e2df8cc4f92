/** Lists one page of the orders of a POS. `spend` counts the orders that are passed to reach the page, and may refuse it. */
import type { PaymentOrderList } from '@webpos/sdk/wire';
import { orderRetrieval } from '../../contract/order-wire.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { OrderQuery } from '../../store/ports/order-store.ts';
import type { OrderReadContext } from '../context.ts';
import { asOfNow, orderInContext } from './order-in-context.ts';

export async function listOrders(
  context: OrderReadContext,
  pos: Pos,
  wanted: Omit<OrderQuery, 'posId'>,
  spend?: (orders: number) => void,
): Promise<PaymentOrderList> {
  const { total, orders } = await context.store.orders.list({ ...wanted, posId: pos.id }, spend);
  const at = await asOfNow(context);
  const paymentorders = await Promise.all(
    orders.map(async (order) => orderRetrieval(await orderInContext(context, context.store, order, at, pos))),
  );
  return { total_items: total, total_pages: Math.ceil(total / wanted.pageSize), paymentorders };
}
