import { sql } from 'kysely';
import type { CallbackStore } from '../../ports/callback-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { lockOrders } from './lock-orders.ts';
import { releaseNext } from './release-next.ts';

/** Gives up callbacks whose delivery began before a time and that are not claimed. */
export async function giveUpLate(
  context: SqlContext,
  { wantedBefore, now, limit }: Parameters<CallbackStore['giveUp']>[0],
): Promise<number> {
  const { db, dialect } = context;
  const late = await db
    .selectFrom('callbacks')
    .select(['id', 'order_id'])
    .where('status', '=', sql.lit('waiting'))
    .where('wanted_at', '<', wantedBefore)
    .where((eb) => eb.or([eb('claimed_by', 'is', null), eb('next_attempt_at', '<=', now)]))
    .orderBy('wanted_at')
    .limit(limit)
    .execute();
  // Orders are always locked in the same order, so that transactions cannot deadlock.
  late.sort((a, b) => (a.order_id < b.order_id ? -1 : 1));
  let ended = 0;
  for (const { id, order_id: orderId } of late) {
    if (dialect.rowLocks) await lockOrders(context, [{ id: orderId }]);
    const { numUpdatedRows } = await db
      .updateTable('callbacks')
      .set((eb) => ({
        status: 'failed',
        ended_at: now,
        next_attempt_at: null,
        claimed_by: null,
        last_error: eb.fn.coalesce('last_error', sql.lit('its endpoint did not answer within the retry period')),
      }))
      .where('id', '=', id)
      .where('status', '=', 'waiting')
      .where((eb) => eb.or([eb('claimed_by', 'is', null), eb('next_attempt_at', '<=', now)]))
      .executeTakeFirst();
    if (numUpdatedRows === 1n) await releaseNext(context, [{ orderId }]);
    ended += Number(numUpdatedRows);
  }
  return ended;
}
