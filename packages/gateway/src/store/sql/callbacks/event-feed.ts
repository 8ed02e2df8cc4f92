/**
 * The event feed of a POS. An event gets its position when the feed is first read that far, not when the event is stored. The reader
 * that assigns positions locks the row with the last position, so positions are assigned one after the other and to committed events
 * only. No event can then appear at a position that a reader has passed, and transactions that store events do not wait for each other.
 */
import { sql } from 'kysely';
import type { CallbackId, PosId } from '../../../kernel/ids.ts';
import type { FeedEnd, FeedEvent, FeedPlace } from '../../ports/callback-store.ts';
import { callbackFrom, type CallbackRow } from './columns.ts';
import { wholeCallbacks } from './read-callbacks.ts';
import type { SqlContext } from '../sql-context.ts';

export async function readFeed(context: SqlContext, posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
  const found = await readAfter(context, posId, after, limit);
  if (found.length === limit) return found;
  await assignPositions(context, posId, limit);
  // Read again even if nothing was assigned: another reader may have assigned positions in the meantime.
  return readAfter(context, posId, after, limit);
}

/** Assigns up to `limit` positions and then, if every event has one, reads the newest event. */
export async function readFeedEnd(context: SqlContext, posId: PosId, limit: number): Promise<FeedEnd> {
  if ((await assignPositions(context, posId, limit)) === limit) return { isReached: false };
  const { db } = context;
  const newest = await db
    .selectFrom('callbacks')
    .select(['id', 'feed_position'])
    .where('pos_id', '=', posId)
    .where('feed_position', 'is not', null)
    .orderBy('feed_position', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return { isReached: true, newest: await readPrunedEvent(context, posId) };
  return { isReached: true, newest: { position: Number(newest.feed_position), id: newest.id as CallbackId } };
}

export async function readPrunedEvent({ db }: SqlContext, posId: PosId): Promise<FeedPlace | undefined> {
  const feed = await db
    .selectFrom('event_feeds')
    .select(['pruned_position', 'pruned_id'])
    .where('pos_id', '=', posId)
    .executeTakeFirst();
  return feed?.pruned_id == null ? undefined : { position: Number(feed.pruned_position), id: feed.pruned_id as CallbackId };
}

async function readAfter(context: SqlContext, posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
  const rows = await positionedEvents(context, posId)
    .where('feed_position', '>', after)
    .orderBy('feed_position')
    .limit(limit)
    .execute();
  return rows.map(feedEventFrom);
}

function positionedEvents({ db }: SqlContext, posId: PosId): ReturnType<typeof wholeCallbacks> {
  return wholeCallbacks(db).where('pos_id', '=', posId).where('feed_position', 'is not', null);
}

function feedEventFrom(row: CallbackRow): FeedEvent {
  return { position: Number(row.feed_position), callback: callbackFrom(row) };
}

/** Assigns a position to each of the first `limit` events that have none. Returns how many it has assigned. */
export async function assignPositions(context: SqlContext, posId: PosId, limit: number): Promise<number> {
  const { db, dialect } = context;
  // Avoids a write for each poll of a client that has read everything.
  if ((await idsWithoutPosition(context, posId, 1)).length === 0) return 0;
  await db
    .insertInto('event_feeds')
    .values({ pos_id: posId, last_position: 0 })
    .onConflict((conflict) => conflict.column('pos_id').doNothing())
    .execute();
  let counter = db.selectFrom('event_feeds').select('last_position').where('pos_id', '=', posId);
  if (dialect.rowLocks) counter = counter.forUpdate();
  const last = Number((await counter.executeTakeFirstOrThrow()).last_position);
  // Read only once the counter is locked: another reader may have assigned some of them in the meantime.
  const ids = await idsWithoutPosition(context, posId, limit);
  if (ids.length === 0) return 0;
  if (dialect.rowLocks) await lockInDeliveryOrder(context, ids);
  // One statement for all of them: one each would take PostgreSQL ten times as long.
  const positions = sql.join(ids.map((id, n) => sql`(${id}, cast(${last + 1 + n} as bigint))`));
  await sql`
    update callbacks set feed_position = positions.column2 from (values ${positions}) as positions
    where callbacks.id = positions.column1`.execute(db);
  await db
    .updateTable('event_feeds')
    .set({ last_position: last + ids.length })
    .where('pos_id', '=', posId)
    .execute();
  return ids.length;
}

async function idsWithoutPosition({ db }: SqlContext, posId: PosId, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('callbacks')
    .select('id')
    .where('pos_id', '=', posId)
    .where('feed_position', 'is', null)
    .orderBy('created_at')
    .orderBy('order_id')
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Locks callbacks in the order in which the delivery loop locks those of several orders, so that neither deadlocks the other. */
async function lockInDeliveryOrder({ db }: SqlContext, ids: readonly string[]): Promise<void> {
  await db
    .selectFrom('callbacks')
    .select('id')
    .where('id', 'in', ids)
    .orderBy('order_id')
    .orderBy('sequence')
    .forUpdate()
    .execute();
}
