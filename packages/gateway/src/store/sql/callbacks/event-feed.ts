/**
 * The feed of a POS: every event gets a place in it when the feed is first read past it, and not when the event is stored. The
 * reader that gives places holds the row that counts them, so places are given one after the other to what has been committed: no
 * event can appear behind a place that a reader has passed, and no transaction that stores events waits for another.
 */
import type { PosId } from '../../../kernel/ids.ts';
import type { FeedEvent } from '../../ports/callback-store.ts';
import { callbackFrom } from './columns.ts';
import { wholeCallbacks } from './read-callbacks.ts';
import type { SqlContext } from '../sql-context.ts';

export async function readFeed(context: SqlContext, posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
  const placed = await readPlaced(context, posId, after, limit);
  if (placed.length === limit) return placed;
  await givePlaces(context, posId, limit);
  // Also when there was nothing left to do: another reader may have done it meanwhile.
  return readPlaced(context, posId, after, limit);
}

async function readPlaced({ db }: SqlContext, posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
  const rows = await wholeCallbacks(db)
    .where('pos_id', '=', posId)
    .where('feed_position', 'is not', null)
    .where('feed_position', '>', after)
    .orderBy('feed_position')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ position: Number(row.feed_position), callback: callbackFrom(row) }));
}

async function givePlaces(context: SqlContext, posId: PosId, limit: number): Promise<void> {
  const { db, dialect } = context;
  // Who asks again and again at the end of a feed writes nothing.
  if ((await withoutPlace(context, posId, 1)).length === 0) return;
  await db
    .insertInto('event_feeds')
    .values({ pos_id: posId, last_position: 0 })
    .onConflict((conflict) => conflict.column('pos_id').doNothing())
    .execute();
  let counter = db.selectFrom('event_feeds').select('last_position').where('pos_id', '=', posId);
  if (dialect.rowLocks) counter = counter.forUpdate();
  const { last_position: last } = await counter.executeTakeFirstOrThrow();
  // Read once the counter is held: what another reader has given a place meanwhile has one now.
  const found = await withoutPlace(context, posId, limit);
  const placed = found.map((one, n) => ({ ...one, position: Number(last) + n + 1 }));
  // Those of several orders are locked in the order in which anyone who delivers them does, so that neither waits for the other for ever.
  placed.sort((a, b) => (a.order_id < b.order_id ? -1 : a.order_id > b.order_id ? 1 : a.position - b.position));
  for (const { id, position } of placed)
    await db.updateTable('callbacks').set({ feed_position: position }).where('id', '=', id).execute();
  await db
    .updateTable('event_feeds')
    .set({ last_position: Number(last) + placed.length })
    .where('pos_id', '=', posId)
    .execute();
}

function withoutPlace({ db }: SqlContext, posId: PosId, limit: number): Promise<{ id: string; order_id: string }[]> {
  return db
    .selectFrom('callbacks')
    .select(['id', 'order_id'])
    .where('pos_id', '=', posId)
    .where('feed_position', 'is', null)
    .orderBy('created_at')
    .orderBy('order_id')
    .orderBy('sequence')
    .limit(limit)
    .execute();
}
