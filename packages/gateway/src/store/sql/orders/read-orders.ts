import type { Selectable } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Order, OrderAddress } from '../../../orders/order.ts';
import { hotQuery } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import type { OrdersTable } from './columns.ts';
import { ADDRESS_COLUMNS, addressFrom, orderFrom } from './order-from-row.ts';
import type { PaymentsTable } from './payment-columns.ts';

const orderById = hotQuery<{ id: string }>()((db, { id }) => db.selectFrom('orders').selectAll().where('id', '=', id));
const paymentsOf = hotQuery<{ id: string }>()((db, { id }) =>
  db.selectFrom('payments').selectAll().where('order_id', '=', id).orderBy('first_seen_at').orderBy('txid').orderBy('vout'),
);

export async function readOrder(context: SqlContext, id: OrderId): Promise<Order | undefined> {
  const [row] = (await orderById(context, { id })).rows;
  return row && orderFrom(row, (await paymentsOf(context, { id })).rows);
}

/** The row of an order and those of its payments. */
export interface OrderRows {
  readonly row: Selectable<OrdersTable>;
  readonly payments: readonly Selectable<PaymentsTable>[];
}

/**
 * Reads orders, sorted by id.
 *
 * @param lock Whether to lock them until the transaction ends.
 */
export async function readOrderRows({ db, dialect }: SqlContext, ids: readonly OrderId[], lock: boolean): Promise<OrderRows[]> {
  const query = db.selectFrom('orders').selectAll().where('id', 'in', ids).orderBy('id');
  const rows = await (lock && dialect.rowLocks ? query.forUpdate() : query).execute();
  if (rows.length === 0) return [];
  const payments = await db
    .selectFrom('payments')
    .selectAll()
    .where(
      'order_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('first_seen_at')
    .orderBy('txid')
    .orderBy('vout')
    .execute();
  const byOrder = new Map<string, Selectable<PaymentsTable>[]>(rows.map(({ id }) => [id, []]));
  for (const payment of payments) byOrder.get(payment.order_id)?.push(payment);
  return rows.map((row) => ({ row, payments: byOrder.get(row.id) ?? [] }));
}

/** Reads orders in the order of the given ids. Unknown ids are left out. */
export async function readOrdersInOrder(context: SqlContext, ids: readonly OrderId[]): Promise<Order[]> {
  if (ids.length === 0) return [];
  const rows = await readOrderRows(context, ids, false);
  const byId = new Map(rows.map(({ row, payments }) => [row.id, orderFrom(row, payments)]));
  return ids.map((id) => byId.get(id)).filter((order) => order !== undefined);
}

export async function readAddresses({ db }: SqlContext, ids: readonly OrderId[]): Promise<OrderAddress[]> {
  const rows = await db.selectFrom('orders').select(ADDRESS_COLUMNS).where('id', 'in', ids).execute();
  return rows.map(addressFrom);
}
