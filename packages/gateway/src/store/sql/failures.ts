import { sql } from 'kysely';
import type { CountedFailures, FailureStore, RecentFailures } from '../ports/shared/failure-store.ts';
import { readTime } from './read-time.ts';
import type { SqlContext } from './sql-context.ts';

/** A flood from many addresses must not fill the table. */
const MAX_ROWS = 10_000;

export class SqlFailures implements FailureStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async add(failures: readonly CountedFailures[]): Promise<void> {
    const { db, dialect } = this.#sql;
    const now = await readTime(this.#sql);
    const { rows } = await db
      .selectFrom('request_failures')
      .select((eb) => eb.fn.countAll<number | string>().as('rows'))
      .executeTakeFirstOrThrow();
    const [greatest, least] =
      dialect.name === 'sqlite' ? [sql.raw('max'), sql.raw('min')] : [sql.raw('greatest'), sql.raw('least')];
    let room = MAX_ROWS - Number(rows);
    for (const { key, costMs, maxMs } of failures) {
      const [cost, max] = [Math.ceil(costMs), now + Math.ceil(maxMs)];
      const { numUpdatedRows } = await db
        .updateTable('request_failures')
        .set({ full_at: sql<number>`${least}(${greatest}(full_at, ${sql.lit(now)}) + ${sql.lit(cost)}, ${sql.lit(max)})` })
        .where('key', '=', key)
        .executeTakeFirst();
      if (numUpdatedRows > 0n || room <= 0) continue;
      room -= 1;
      await db
        .insertInto('request_failures')
        .values({ key, full_at: Math.min(now + cost, max) })
        // Another process has inserted it meanwhile: what it counted is enough for now.
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
    }
  }

  async prune(): Promise<void> {
    const { db, dialect } = this.#sql;
    let full = db.selectFrom('request_failures').select('key').where('full_at', '<=', dialect.timeMs);
    // It never waits for another process, so it cannot deadlock with one.
    if (dialect.rowLocks) full = full.forUpdate().skipLocked();
    await db.deleteFrom('request_failures').where('key', 'in', full).execute();
  }

  async recent(): Promise<readonly RecentFailures[]> {
    const { db, dialect } = this.#sql;
    const rows = await db
      .selectFrom('request_failures')
      .select(['key', sql<number | string>`full_at - ${dialect.timeMs}`.as('rest')])
      .orderBy('full_at', 'desc')
      .limit(MAX_ROWS)
      .execute();
    return rows.map(({ key, rest }) => ({ key, restMs: Number(rest) })).filter(({ restMs }) => restMs > 0);
  }
}
