import type { Order } from '../../src/orders/order.ts';
import { EVERY_ORDER, type OrderSearch } from '../../src/store/ports/order-search.ts';
import type { Store } from '../../src/store/ports/store.ts';

/** Returns the orders of all POS that match, the newest first. */
export async function newestOrders(
  { orders }: Pick<Store, 'orders'>,
  search: Partial<OrderSearch> = {},
): Promise<readonly Order[]> {
  return (await orders.find({ ...EVERY_ORDER, limit: 1_000_000, ...search })).orders;
}
