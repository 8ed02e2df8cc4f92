/**
 * Lists callbacks, a bounded part of them per call. A list without filters, or with a filter that an index carries, reads only its page.
 * Any other filter is applied to a slice of the list, so that a filter without a match does not read every callback in one statement.
 */
import type { CallbackId } from '../../../kernel/ids.ts';
import type { CallbackQuery, CallbackSlice, FailedQuery } from '../../ports/callback-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { listedFrom, LISTED_COLUMNS } from './columns.ts';
import { readPlace, searchWalk, type Searched, type Walk } from './callback-walks.ts';

/** Lists callbacks, the newest first. */
export async function listCallbacks(context: SqlContext, { before, limit, ...filters }: CallbackQuery): Promise<CallbackSlice> {
  const from = before === undefined ? undefined : await readPlace(context, before);
  if (before !== undefined && from === undefined) return { callbacks: [], searchedTo: undefined };
  const ids = new Set<CallbackId>();
  for (const walk of walksOf(filters, from)) {
    const searched = await searchWalk(context, { walk, from, filters, direction: 'desc', limit: limit - ids.size });
    for (const id of searched.ids) ids.add(id);
    if (searched.searchedTo !== undefined) return sliceOf(context, { ids: [...ids], searchedTo: searched.searchedTo });
  }
  return sliceOf(context, { ids: [...ids], searchedTo: undefined });
}

/** Lists callbacks that were given up, the oldest first. */
export async function listFailed(context: SqlContext, { after, limit, ...filters }: FailedQuery): Promise<CallbackSlice> {
  const from = after === undefined ? undefined : await readPlace(context, after);
  if (after !== undefined && from === undefined) return { callbacks: [], searchedTo: undefined };
  return sliceOf(context, await searchWalk(context, { walk: 'failed', from, filters, direction: 'asc', limit }));
}

/**
 * Returns the walks that visit every matching callback, in order. The events of a POS are in two indexes: those that its feed has not
 * reached, and those that have a position. The latter are older, so they come second.
 */
function walksOf(
  { orderId, posId, status }: Omit<CallbackQuery, 'before' | 'limit'>,
  from: Awaited<ReturnType<typeof readPlace>>,
): Walk[] {
  if (orderId !== undefined) return ['order'];
  if (status === 'waiting' || status === 'failed') return [status];
  if (posId === undefined || (from !== undefined && from.pos_id !== posId)) return ['age'];
  return from?.feed_position == null ? ['unread', 'feed'] : ['feed'];
}

async function sliceOf({ db }: SqlContext, { ids, searchedTo }: Searched): Promise<CallbackSlice> {
  if (ids.length === 0) return { callbacks: [], searchedTo };
  const rows = await db
    .selectFrom('callbacks')
    .select(LISTED_COLUMNS)
    .where('id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, listedFrom(row)]));
  return { callbacks: ids.map((id) => byId.get(id)).filter((callback) => callback !== undefined), searchedTo };
}
