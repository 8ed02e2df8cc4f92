/**
 * The event feed of a POS. An event gets its position when the feed is first read that far, not when the event is stored. The reader
 * that assigns positions locks the row with the last position, so positions are assigned one after the other and to committed events
 * only. No event can then appear at a position that a reader has passed, and transactions that store events do not wait for each other.
 */
import type { PosId } from '../../../kernel/ids.ts';
import type { FeedEvent } from '../../ports/callback-store.ts';
import { callbackFrom } from './columns.ts';
import { wholeCallbacks } from './read-callbacks.ts';
import type { SqlContext } from '../sql-context.ts';

export async function readFeed(context: SqlContext, posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
  const page = await readPositioned(context, posId, after, limit);
  if (page.length === limit) return page;
  await assignPositions(context, posId, limit);
  // Even if there was nothing to assign: another reader may have assigned positions in between.
  return readPositioned(context, posId, after, limit);
}

async function readPositioned({ db }: SqlContext, posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
  const rows = await wholeCallbacks(db)
    .where('pos_id', '=', posId)
    .where('feed_position', 'is not', null)
    .where('feed_position', '>', after)
    .orderBy('feed_position')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ position: Number(row.feed_position), callback: callbackFrom(row) }));
}

async function assignPositions(context: SqlContext, posId: PosId, limit: number): Promise<void> {
  const { db, dialect } = context;
  // Polling at the end of the feed writes nothing.
  if ((await withoutPosition(context, posId, 1)).length === 0) return;
  await db
    .insertInto('event_feeds')
    .values({ pos_id: posId, last_position: 0 })
    .onConflict((conflict) => conflict.column('pos_id').doNothing())
    .execute();
  let counter = db.selectFrom('event_feeds').select('last_position').where('pos_id', '=', posId);
  if (dialect.rowLocks) counter = counter.forUpdate();
  const { last_position: last } = await counter.executeTakeFirstOrThrow();
  // Read after the lock is taken, so events to which another reader has assigned positions meanwhile are not among them.
  const found = await withoutPosition(context, posId, limit);
  const positioned = found.map((one, n) => ({ ...one, position: Number(last) + n + 1 }));
  // Rows are locked in the order of their orders, as deliveries do too, so that the two cannot deadlock.
  positioned.sort((a, b) => (a.order_id < b.order_id ? -1 : a.order_id > b.order_id ? 1 : a.position - b.position));
  for (const { id, position } of positioned)
    await db.updateTable('callbacks').set({ feed_position: position }).where('id', '=', id).execute();
  await db
    .updateTable('event_feeds')
    .set({ last_position: Number(last) + positioned.length })
    .where('pos_id', '=', posId)
    .execute();
}

function withoutPosition({ db }: SqlContext, posId: PosId, limit: number): Promise<{ id: string; order_id: string }[]> {
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
