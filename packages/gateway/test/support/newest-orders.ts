import type { Order } from '../../src/orders/order.ts';
import type { OrderSearch } from '../../src/store/ports/order-search.ts';
import type { Store } from '../../src/store/ports/store.ts';

const EVERY: OrderSearch = {
  posId: undefined,
  blockchainStatus: undefined,
  needsAttention: false,
  matches: undefined,
  since: undefined,
  until: undefined,
  before: undefined,
  after: undefined,
  limit: 1_000_000,
};

/** Returns the orders of all POS that match, the newest first. */
export function newestOrders({ orders }: Pick<Store, 'orders'>, search: Partial<OrderSearch> = {}): Promise<Order[]> {
  return orders.find({ ...EVERY, ...search });
}
