/** Which orders are to be judged: those that the next block may change, and those whose deadline has come. */
import { sql } from 'kysely';
import { epochMs, type EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { SqlContext } from '../sql-context.ts';
import { slices } from '../slices.ts';

export async function watchOrders({ db }: SqlContext, ids: readonly OrderId[]): Promise<void> {
  for (const slice of slices(ids)) await db.updateTable('orders').set({ watched: 1 }).where('id', 'in', slice).execute();
}

export async function watchedIds({ db }: SqlContext): Promise<OrderId[]> {
  const rows = await db.selectFrom('orders').select('id').where('watched', '=', sql.lit(1)).execute();
  return rows.map(({ id }) => id as OrderId);
}

export async function dueIds({ db }: SqlContext, now: EpochMs): Promise<OrderId[]> {
  const rows = await db.selectFrom('orders').select('id').where('deadline_at', '<=', now).execute();
  return rows.map(({ id }) => id as OrderId);
}

export async function nextDeadline({ db }: SqlContext): Promise<EpochMs | undefined> {
  const row = await db
    .selectFrom('orders')
    .select('deadline_at')
    .where('deadline_at', 'is not', null)
    .orderBy('deadline_at')
    .limit(1)
    .executeTakeFirst();
  return row?.deadline_at == null ? undefined : epochMs(Number(row.deadline_at));
}
