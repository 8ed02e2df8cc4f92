/**
 * Deletes the oldest events of a POS in the order of its feed, up to the first that must stay: one that is still to be delivered, or
 * whose order may still change. So no event that is left out lies between two that are stored, and the feed knows from where on it is
 * complete.
 */
import type { CallbackId, PosId } from '../../../kernel/ids.ts';
import type { EventPruning } from '../../ports/callback-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { assignPositions } from './event-feed.ts';
import { lockOrders } from './lock-orders.ts';

interface OldEvent {
  readonly id: string;
  readonly order_id: string;
  readonly feed_position: number | string | null;
}

/** Returns whether there may be more. */
export async function pruneEvents(context: SqlContext, posId: PosId, pruning: EventPruning): Promise<boolean> {
  const { limit } = pruning;
  const first = await firstEvents(context, posId, pruning);
  // Events of a feed that nobody reads have no position yet. Readers that come later must not miss them unnoticed.
  const isEndReached = first.found < limit && first.old.length === first.found;
  if (isEndReached && (await hasOldWithoutPosition(context, posId, pruning)))
    return (await assignPositions(context, posId, limit)) > 0;
  if (first.old.length === 0) return false;
  const old = context.dialect.rowLocks ? await lockOld(context, posId, pruning, first.old) : first.old;
  await deleteEvents(context, posId, old);
  return old.length === limit;
}

/** Reads the first events of the feed, and returns how many, and those before the first that must stay. */
async function firstEvents(
  { db }: SqlContext,
  posId: PosId,
  { before, limit }: EventPruning,
): Promise<{ readonly found: number; readonly old: readonly OldEvent[] }> {
  const rows = await db
    .selectFrom('callbacks')
    .innerJoin('orders', 'orders.id', 'callbacks.order_id')
    .select(['callbacks.id', 'order_id', 'feed_position', 'callbacks.created_at', 'callbacks.status', 'callbacks.ended_at'])
    .select(['orders.deadline_at', 'orders.watched', 'orders.judge_at_height'])
    .where('callbacks.pos_id', '=', posId)
    .where('feed_position', 'is not', null)
    .orderBy('feed_position')
    .limit(limit)
    .execute();
  const stays = rows.findIndex(
    (row) =>
      row.status === 'waiting' ||
      Math.max(Number(row.created_at), Number(row.ended_at ?? 0)) >= before ||
      row.deadline_at !== null ||
      Number(row.watched) === 1 ||
      row.judge_at_height !== null,
  );
  return { found: rows.length, old: stays === -1 ? rows : rows.slice(0, stays) };
}

async function hasOldWithoutPosition({ db }: SqlContext, posId: PosId, { before }: EventPruning): Promise<boolean> {
  const oldest = await db
    .selectFrom('callbacks')
    .select('created_at')
    .where('pos_id', '=', posId)
    .where('feed_position', 'is', null)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return oldest !== undefined && Number(oldest.created_at) < before;
}

/** Locks the orders, so that nobody redelivers their events, and returns the events that still have to go. */
async function lockOld(
  context: SqlContext,
  posId: PosId,
  pruning: EventPruning,
  before: readonly OldEvent[],
): Promise<readonly OldEvent[]> {
  const orders = [...new Set(before.map(({ order_id }) => order_id))].sort();
  await lockOrders(
    context,
    orders.map((id) => ({ id })),
  );
  const locked = new Set(orders);
  const { old } = await firstEvents(context, posId, pruning);
  const other = old.findIndex(({ order_id }) => !locked.has(order_id));
  return other === -1 ? old : old.slice(0, other);
}

async function deleteEvents({ db }: SqlContext, posId: PosId, old: readonly OldEvent[]): Promise<void> {
  const last = old.at(-1);
  if (last === undefined) return;
  const ids = old.map(({ id }) => id as CallbackId);
  // First, because readers of the feed lock this row before those of the callbacks.
  await db
    .updateTable('event_feeds')
    .set({ pruned_position: Number(last.feed_position), pruned_id: last.id })
    .where('pos_id', '=', posId)
    .execute();
  await db.deleteFrom('callback_attempts').where('callback_id', 'in', ids).execute();
  await db.deleteFrom('callback_bodies').where('callback_id', 'in', ids).execute();
  await db.deleteFrom('callbacks').where('id', 'in', ids).execute();
}
