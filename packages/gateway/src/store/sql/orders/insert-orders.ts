import type { Order } from '../../../orders/order.ts';
import { hotQueryForEach } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import { orderColumns, type JudgedOrder } from './columns.ts';

const insert = hotQueryForEach<JudgedOrder>()((db, _, rowOf) => db.insertInto('orders').values(rowOf(orderColumns)));

/** Inserts new, pending orders. */
export async function insertOrders(context: SqlContext, orders: readonly Order[]): Promise<void> {
  await insert(context, orders.map(asNew));
  for (const { terms } of orders) await context.orderMoved({ terms, before: undefined, after: 'pending' });
}

function asNew(order: Order): JudgedOrder {
  const { terms, state, surplusReported, handled } = order;
  const schedule = {
    blockchainStatus: 'pending',
    watched: false,
    judgeAtHeight: undefined,
    needsAttention: false,
    deadline: terms.expiresAt,
  } as const;
  return { terms, state, surplusReported, handled, schedule };
}
