import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { PendingCallback } from '../../../callbacks/callback.ts';
import { epochMs, type EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import { rowWriter } from '../columns.ts';
import { hotQueryForEach } from '../hot-query.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
import { callbackColumns, type NewCallback } from './columns.ts';

/** SQLite inserts so many without a pause: some 5 ms of work, because their bodies are compressed. */
const SLICE = 25;

/** Inserts events of any orders. Those of one order are sent in the given order, after its earlier ones. */
export async function insertCallbacks(context: SqlContext, callbacks: readonly PendingCallback[]): Promise<void> {
  const before = new Map<string, Earlier>();
  for (const slice of slices([...new Set(callbacks.map(({ orderId }) => orderId))], SLICE))
    for (const { order_id: orderId, ...last } of await lastOfEach(context, slice))
      before.set(orderId, {
        sequence: Number(last.sequence),
        createdAt: epochMs(Number(last.created_at)),
        isWaiting: Number(last.waiting) > 0,
      });
  const rows = callbacks.map((callback) => {
    const row = afterEarlier(callback, before.get(callback.orderId));
    const isWaiting = row.waitsForEarlier || row.url !== null;
    before.set(callback.orderId, { sequence: row.sequence, createdAt: row.createdAt, isWaiting });
    return row;
  });
  for (const slice of slices(rows, SLICE)) await insertRows(context, slice);
}

/** The last event of an order, and whether any is still to be delivered. */
interface Earlier {
  readonly sequence: number;
  readonly createdAt: EpochMs;
  readonly isWaiting: boolean;
}

function afterEarlier(callback: PendingCallback, earlier: Earlier | undefined): NewCallback {
  if (earlier === undefined) return { ...callback, sequence: 0, waitsForEarlier: false };
  return {
    ...callback,
    sequence: earlier.sequence + 1,
    // If the clock was set back, an event must still not sort before the one that it followed.
    createdAt: epochMs(Math.max(callback.createdAt, earlier.createdAt)),
    waitsForEarlier: earlier.isWaiting,
  };
}

interface LastRow {
  readonly order_id: string;
  readonly sequence: number | string;
  readonly created_at: number | string;
  readonly waiting: number | string;
}

const lastOf = hotQueryForEach<{ orderId: OrderId }>()((db, { orderId }) => lastEvents(db).where('order_id', '=', orderId));

/** Each query of PostgreSQL is a round trip. */
async function lastOfEach(context: SqlContext, orderIds: readonly OrderId[]): Promise<readonly LastRow[]> {
  if (!context.dialect.repeatsQueries) return lastEvents(context.db).where('order_id', 'in', orderIds).execute();
  const { rows } = await lastOf(
    context,
    orderIds.map((orderId) => ({ orderId })),
  );
  return rows;
}

function lastEvents(db: Kysely<Tables>): SelectQueryBuilder<Tables, 'callbacks', LastRow> {
  return db
    .selectFrom('callbacks')
    .select((eb) => [
      'order_id',
      eb.fn.max('sequence').as('sequence'),
      eb.fn.max('created_at').as('created_at'),
      eb.fn.sum<number | string>(eb.case().when('status', '=', 'waiting').then(1).else(0).end()).as('waiting'),
    ])
    .groupBy('order_id');
}

const rowOf = rowWriter(callbackColumns);
const insertEach = hotQueryForEach<NewCallback>()((db, _, newRow) => db.insertInto('callbacks').values(newRow(callbackColumns)));

async function insertRows(context: SqlContext, rows: readonly NewCallback[]): Promise<void> {
  if (context.dialect.repeatsQueries) await insertEach(context, rows);
  else await context.db.insertInto('callbacks').values(rows.map(rowOf)).execute();
}
