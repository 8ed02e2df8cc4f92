/** The orders to judge next: those that the tip may change, and those whose deadline has passed. */
import { sql } from 'kysely';
import { epochMs, type EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { SqlContext } from '../sql-context.ts';
import { slices } from '../slices.ts';

/** Tens of thousands of orders may be watched, and one statement for all of them would hold the JavaScript thread. */
const ROWS_PER_STATEMENT = 500;

export async function watchOrders({ db }: SqlContext, ids: readonly OrderId[]): Promise<void> {
  for (const slice of slices(ids))
    await db.updateTable('orders').set({ watched: 1, judge_at_height: 0 }).where('id', 'in', slice).execute();
}

export async function watchOrdersAgain({ db }: SqlContext): Promise<void> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('orders')
      .select('id')
      .where('watched', '=', sql.lit(1))
      .where('id', '>', after)
      .orderBy('id')
      .limit(ROWS_PER_STATEMENT)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const ids = rows.map(({ id }) => id);
    await db.updateTable('orders').set({ judge_at_height: 0 }).where('id', 'in', ids).execute();
    after = last.id;
  }
}

export async function watchedAmong({ db }: SqlContext, ids: readonly OrderId[]): Promise<OrderId[]> {
  const watched: OrderId[] = [];
  for (const slice of slices(ids)) {
    const rows = await db.selectFrom('orders').select('id').where('id', 'in', slice).where('watched', '=', 1).execute();
    watched.push(...rows.map(({ id }) => id as OrderId));
  }
  return watched;
}

export async function idsToJudge({ db }: SqlContext, tipHeight: number, limit: number): Promise<OrderId[]> {
  const rows = await db
    .selectFrom('orders')
    .select('id')
    .where('judge_at_height', '<=', tipHeight)
    .orderBy('judge_at_height')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id as OrderId);
}

export async function watchedIds({ db }: SqlContext): Promise<OrderId[]> {
  const rows = await db.selectFrom('orders').select('id').where('watched', '=', sql.lit(1)).execute();
  return rows.map(({ id }) => id as OrderId);
}

export async function dueIds({ db }: SqlContext, now: EpochMs, limit: number): Promise<OrderId[]> {
  const rows = await db
    .selectFrom('orders')
    .select('id')
    .where('deadline_at', '<=', now)
    .orderBy('deadline_at')
    .limit(limit)
    .execute();
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
