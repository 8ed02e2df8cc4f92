import { sql } from 'kysely';
import type { StoredCallback } from '../../../callbacks/callback.ts';
import type { CallbackQuery, FailedQuery } from '../../ports/callback-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { callbackFrom } from './columns.ts';
import { wholeCallbacks } from './read-callbacks.ts';

/** Lists callbacks, the newest first. */
export async function listCallbacks(
  { db }: SqlContext,
  { orderId, posId, status, endpoint, before, limit }: CallbackQuery,
): Promise<StoredCallback[]> {
  let matching = wholeCallbacks(db);
  if (orderId !== undefined) matching = matching.where('order_id', '=', orderId);
  if (posId !== undefined) matching = matching.where('pos_id', '=', posId);
  // A literal, so that the partial index on pending or failed callbacks is used.
  if (status !== undefined) matching = matching.where('status', '=', sql.lit(status));
  if (endpoint !== undefined) matching = matching.where('endpoint', '=', endpoint);
  if (before !== undefined)
    matching = matching.where((eb) =>
      eb(
        eb.refTuple('created_at', 'order_id', 'sequence'),
        '<',
        eb
          .selectFrom('callbacks as last')
          .select(['last.created_at', 'last.order_id', 'last.sequence'])
          .where('last.id', '=', before)
          .$asTuple('created_at', 'order_id', 'sequence'),
      ),
    );
  const newest = matching.orderBy('created_at', 'desc').orderBy('order_id', 'desc').orderBy('sequence', 'desc');
  return (await newest.limit(limit).execute()).map(callbackFrom);
}

/** Lists callbacks that were given up, sorted by id. */
export async function listFailed(
  { db }: SqlContext,
  { endedSince, posId, endpoint, after, limit }: FailedQuery,
): Promise<StoredCallback[]> {
  let failed = wholeCallbacks(db).where('status', '=', sql.lit('failed')).where('ended_at', '>=', endedSince);
  if (posId !== undefined) failed = failed.where('pos_id', '=', posId);
  if (endpoint !== undefined) failed = failed.where('endpoint', '=', endpoint);
  if (after !== undefined) failed = failed.where('id', '>', after);
  return (await failed.orderBy('id').limit(limit).execute()).map(callbackFrom);
}
