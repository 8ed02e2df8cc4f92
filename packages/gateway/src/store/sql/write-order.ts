/** Writes of an order what is not stored already: with every block very many orders are judged, and next to none of them changes. */
import type { Selectable } from 'kysely';
import type { Order } from '../../orders/order.ts';
import type { OrderSchedule } from '../ports.ts';
import { hotQuery, hotQueryForEach } from './hot-query.ts';
import { stateColumns } from './rows.ts';
import type { SqlContext } from './sql-context.ts';
import type { OrdersTable, PaymentsTable } from './tables.ts';

/** All of an order that changes, but its payments. */
const CHANGING = [
  'status',
  'covered_at',
  'paid_at',
  'disputed_at',
  'ended_at',
  'blockchain_status',
  'surplus_told',
  'deadline_at',
  'watched',
] as const;
type Changing = (typeof CHANGING)[number];
type ChangingColumns = Pick<Selectable<OrdersTable>, Changing>;
type NewColumns = ReturnType<typeof stateColumns> & {
  readonly blockchain_status: string;
  readonly surplus_told: bigint;
  readonly deadline_at: number | null;
  readonly watched: number;
};

/** What is known to be stored of an order. */
export interface StoredColumns {
  readonly row: ChangingColumns & Pick<OrdersTable, 'pos_id'>;
  /** Its payments that are counted; undefined when that is not known. */
  readonly counted: ReadonlySet<string> | undefined;
}

export function storedColumns(row: Selectable<OrdersTable>, payments: readonly Selectable<PaymentsTable>[]): StoredColumns {
  const counted = payments.filter((payment) => Number(payment.counted) === 1);
  return { row, counted: new Set(counted.map(({ txid, vout }) => outPointOf(txid, Number(vout)))) };
}

/**
 * @param stored What the transaction has locked, if it has; it is read otherwise.
 * @returns whether there was anything to write.
 */
export async function writeOrder(
  context: SqlContext,
  order: Order,
  schedule: OrderSchedule,
  stored: StoredColumns | undefined,
): Promise<boolean> {
  const { id } = order.terms;
  const before = stored?.row ?? (await columnsOf(context, { id })).rows[0];
  if (before === undefined) return false;
  const columns: NewColumns = {
    ...stateColumns(order.state),
    blockchain_status: schedule.blockchainStatus,
    surplus_told: order.surplusTold,
    deadline_at: schedule.deadline ?? null,
    watched: schedule.watched ? 1 : 0,
  };
  if (before.blockchain_status !== schedule.blockchainStatus) {
    await context.orderCounted(before.pos_id, before.blockchain_status, -1);
    await context.orderCounted(before.pos_id, schedule.blockchainStatus, 1);
  }
  const differs = CHANGING.some((column) => !isSame(before[column], columns[column]));
  if (differs) await setColumns(context, { ...columns, id });
  const counted = order.payments
    .filter((payment) => payment.counted)
    .map(({ outPoint }) => outPoint)
    .filter(({ txid, vout }) => stored?.counted?.has(outPointOf(txid, vout)) !== true);
  await count(context, counted);
  return differs || counted.length > 0;
}

const columnsOf = hotQuery<{ id: string }>()((db, { id }) =>
  db
    .selectFrom('orders')
    .select(['pos_id', ...CHANGING])
    .where('id', '=', id),
);

const setColumns = hotQuery<NewColumns & { id: string }>()((db, values) =>
  db
    .updateTable('orders')
    .set({
      status: values.status,
      covered_at: values.covered_at,
      paid_at: values.paid_at,
      disputed_at: values.disputed_at,
      ended_at: values.ended_at,
      blockchain_status: values.blockchain_status,
      surplus_told: values.surplus_told,
      deadline_at: values.deadline_at,
      watched: values.watched,
    })
    .where('id', '=', values.id),
);

const count = hotQueryForEach<{ txid: string; vout: number }>()((db, { txid, vout }) =>
  db.updateTable('payments').set({ counted: 1 }).where('txid', '=', txid).where('vout', '=', vout).where('counted', '=', 0),
);

/** Whole numbers come back as text from PostgreSQL. */
function isSame(stored: string | number | null, next: string | number | bigint | null): boolean {
  return stored === null || next === null ? stored === next : String(stored) === String(next);
}

const outPointOf = (txid: string, vout: number): string => `${txid}:${vout}`;
