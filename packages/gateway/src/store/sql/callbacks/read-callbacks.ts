import type { Kysely, Nullable, SelectQueryBuilder } from 'kysely';
import type { AttemptRecord, ListedCallback, StoredCallback } from '../../../callbacks/callback.ts';
import type { CallbackId, OrderId } from '../../../kernel/ids.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
import { attemptFrom, callbackFrom, listedFrom, LISTED_COLUMNS, type CallbackBodiesTable, type CallbackRow } from './columns.ts';

type WholeCallbacks = SelectQueryBuilder<
  Tables & { callback_bodies: Nullable<CallbackBodiesTable> },
  'callbacks' | 'callback_bodies',
  CallbackRow
>;

/** Selects callbacks with their bodies. */
export const wholeCallbacks = (db: Kysely<Tables>): WholeCallbacks =>
  db
    .selectFrom('callbacks')
    .leftJoin('callback_bodies', 'callback_bodies.callback_id', 'callbacks.id')
    .selectAll('callbacks')
    .select('callback_bodies.body');

export async function readCallback({ db }: SqlContext, id: CallbackId): Promise<StoredCallback | undefined> {
  const row = await wholeCallbacks(db).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : callbackFrom(row);
}

/** Reads the callbacks of an order in their sequence. */
export async function callbacksOfOrder({ db }: SqlContext, id: OrderId): Promise<StoredCallback[]> {
  const rows = await wholeCallbacks(db).where('order_id', '=', id).orderBy('sequence').execute();
  return rows.map(callbackFrom);
}

/** Reads a callback without its body. */
export async function readListed({ db }: SqlContext, id: CallbackId): Promise<ListedCallback | undefined> {
  const row = await db.selectFrom('callbacks').select(LISTED_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : listedFrom(row);
}

/** Reads the callbacks of an order in their sequence, without their bodies. */
export async function listedOfOrder({ db }: SqlContext, id: OrderId): Promise<ListedCallback[]> {
  const ofOrder = db.selectFrom('callbacks').select(LISTED_COLUMNS).where('order_id', '=', id);
  return (await ofOrder.orderBy('sequence').execute()).map(listedFrom);
}

/** Reads the attempts of a callback that are still stored, the oldest first. */
export async function readAttempts({ db }: SqlContext, id: CallbackId): Promise<AttemptRecord[]> {
  const rows = await db.selectFrom('callback_attempts').selectAll().where('callback_id', '=', id).orderBy('started_at').execute();
  return rows.map(attemptFrom);
}
