/**
 * Lists one page of the orders of a POS. `spend` counts the orders that are passed to reach the page, and may refuse it. The page of an
 * order whose address is not authentic is refused with 4006.
 */
import type { PaymentOrderList } from '@webpos/sdk/wire';
import { orderRetrieval } from '../../contract/order-wire.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { OrderQuery } from '../../store/ports/order-store.ts';
import { asOfNow, orderInContext } from './order-in-context.ts';
import type { OrderShowContext } from './read-order.ts';

export async function listOrders(
  context: OrderShowContext,
  pos: Pos,
  wanted: Omit<OrderQuery, 'posId'>,
  spend?: (orders: number) => void,
): Promise<PaymentOrderList> {
  const { total, orders } = await context.store.orders.list({ ...wanted, posId: pos.id }, spend);
  const at = await asOfNow(context);
  const paymentorders = await Promise.all(
    orders.map(async (order) => {
      const found = await orderInContext(context, context.store, order, at, pos);
      context.guard.assertOrder(order.terms, pos, found.account);
      return orderRetrieval(found);
    }),
  );
  return { total_items: total, total_pages: Math.ceil(total / wanted.pageSize), paymentorders };
}
