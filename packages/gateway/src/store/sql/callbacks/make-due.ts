import type { CallbackId } from '../../../kernel/ids.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { SqlContext } from '../sql-context.ts';
import { readCallback } from './read-callbacks.ts';
import { releaseNext } from './release-next.ts';

/** Makes a callback due, as if it had never been attempted. Returns false if it has no URL, or if an event of its order is claimed. */
export async function makeDue(context: SqlContext, id: CallbackId, now: EpochMs): Promise<boolean> {
  const { db, dialect } = context;
  const wanted = await readCallback(context, id);
  if (wanted === undefined || wanted.url === null) return false;
  let ofOrder = db
    .selectFrom('callbacks')
    .select(['claimed_by', 'next_attempt_at'])
    .where('order_id', '=', wanted.orderId)
    .where('url', 'is not', null);
  // Claims skip locked rows, and a claim that came first is visible here.
  if (dialect.rowLocks) ofOrder = ofOrder.forUpdate();
  const rows = await ofOrder.execute();
  if (rows.some((row) => row.claimed_by !== null && Number(row.next_attempt_at) > now)) return false;
  await db
    .updateTable('callbacks')
    .set({ status: 'waiting', attempts: 0, wanted_at: now, ended_at: null })
    .where('id', '=', id)
    .execute();
  // Later events of the order wait for this one again.
  await db
    .updateTable('callbacks')
    .set({ next_attempt_at: null, claimed_by: null })
    .where('order_id', '=', wanted.orderId)
    .where('sequence', '>=', wanted.sequence)
    .execute();
  await releaseNext(context, [{ orderId: wanted.orderId }]);
  return true;
}
