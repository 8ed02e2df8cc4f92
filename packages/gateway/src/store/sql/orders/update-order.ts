/** Updates only what has changed of an order: every block settles many orders, and hardly any of them changes. */
import type { Selectable } from 'kysely';
import type { Order } from '../../../orders/order.ts';
import type { OrderSchedule } from '../../ports/order-store.ts';
import { pickColumns, writersOf } from '../columns.ts';
import { hotQuery, hotQueryForEach } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import { orderColumns, type JudgedOrder, type OrdersTable } from './columns.ts';
import type { OrderRows } from './read-orders.ts';

/** The columns of an order that can change. */
const CHANGING = [
  'status',
  'covered_at',
  'paid_at',
  'disputed_at',
  'ended_at',
  'blockchain_status',
  'surplus_reported',
  'accepted_seen',
  'accepted_deep',
  'handled_sats',
  'needs_attention',
  'deadline_at',
  'watched',
  'judge_at_height',
] as const;
type Changing = (typeof CHANGING)[number];
type ChangingColumns = Pick<Selectable<OrdersTable>, Changing>;

const changing = pickColumns(orderColumns, CHANGING);
const writers = writersOf<JudgedOrder, typeof changing>(changing);

/** What is known about the stored row of an order and its payments. */
export interface StoredColumns {
  readonly row: ChangingColumns & Pick<OrdersTable, 'pos_id'>;
  /** The payments that are stored as counted; undefined if that is unknown. */
  readonly counted: ReadonlySet<string> | undefined;
  /** The status that was last reported of each payment. */
  readonly noted: ReadonlyMap<string, string>;
}

export function storedColumns({ row, payments }: OrderRows): StoredColumns {
  const counted = payments.filter((payment) => Number(payment.counted) === 1);
  const noted = new Map(payments.map(({ txid, vout, noted: status }) => [outPointOf(txid, Number(vout)), status]));
  return { row, counted: new Set(counted.map(({ txid, vout }) => outPointOf(txid, Number(vout)))), noted };
}

/**
 * Stores the changes of an order.
 *
 * @param stored The stored columns, if this transaction has locked the order. Otherwise they are read.
 * @returns whether anything was written.
 */
export async function updateOrder(
  context: SqlContext,
  order: Order,
  schedule: OrderSchedule,
  stored: StoredColumns | undefined,
): Promise<boolean> {
  const { id } = order.terms;
  const before = stored?.row ?? (await columnsOf(context, { id })).rows[0];
  if (before === undefined) return false;
  const { terms, state, surplusReported, handled } = order;
  const judged: JudgedOrder = { terms, state, surplusReported, handled, schedule };
  if (before.blockchain_status !== schedule.blockchainStatus) {
    await context.orderMoved({ terms, before: before.blockchain_status, after: schedule.blockchainStatus });
  }
  const differs = CHANGING.some((column) => !isSame(before[column], writers[column](judged)));
  if (differs) await setColumns(context, judged);
  const counted = order.payments
    .filter((payment) => payment.counted)
    .map(({ outPoint }) => outPoint)
    .filter(({ txid, vout }) => stored?.counted?.has(outPointOf(txid, vout)) !== true);
  await count(context, counted);
  const noted = order.payments.flatMap(({ outPoint: { txid, vout }, noted: status }) =>
    status === undefined || stored?.noted.get(outPointOf(txid, vout)) === status ? [] : [{ txid, vout, status }],
  );
  await note(context, noted);
  return differs || counted.length > 0 || noted.length > 0;
}

const columnsOf = hotQuery<{ id: string }>()((db, { id }) =>
  db
    .selectFrom('orders')
    .select(['pos_id', ...CHANGING])
    .where('id', '=', id),
);

const setColumns = hotQuery<JudgedOrder>()((db, _, rowOf) =>
  db.updateTable('orders').set(rowOf(changing)).where('id', '=', rowOf(orderColumns).id),
);

const count = hotQueryForEach<{ txid: string; vout: number }>()((db, { txid, vout }) =>
  db.updateTable('payments').set({ counted: 1 }).where('txid', '=', txid).where('vout', '=', vout).where('counted', '=', 0),
);

const note = hotQueryForEach<{ txid: string; vout: number; status: string }>()((db, { txid, vout, status }) =>
  db.updateTable('payments').set({ noted: status }).where('txid', '=', txid).where('vout', '=', vout),
);

/** Compares as text, because PostgreSQL returns integers as strings. */
function isSame(stored: string | number | null, next: ReturnType<(typeof writers)[keyof typeof writers]>): boolean {
  return stored === null || next === null ? stored === next : String(stored) === String(next);
}

const outPointOf = (txid: string, vout: number): string => `${txid}:${vout}`;
