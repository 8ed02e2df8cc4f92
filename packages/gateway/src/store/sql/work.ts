/** Work is stored beside the lease of the chain: its status is what has been done so far. */
import { sql } from 'kysely';
import type { HeldWork, StoredWork, WorkClaim, WorkName, WorkStore } from '../ports/shared/work-store.ts';
import type { SqlContext } from './sql-context.ts';

export class SqlWork implements WorkStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async read(name: WorkName): Promise<StoredWork | undefined> {
    const { db, dialect } = this.#sql;
    const row = await db
      .selectFrom('leases')
      .select(['holder', 'expires_at', 'status', dialect.timeMs.as('now')])
      .where('name', '=', name)
      .executeTakeFirst();
    if (row === undefined || row.status === null || row.holder === null) return undefined;
    return { progress: row.status, holder: row.holder, validMs: Number(row.expires_at) - Number(row.now) };
  }

  async lock(name: WorkName): Promise<StoredWork | undefined> {
    const { db, dialect } = this.#sql;
    await db
      .insertInto('leases')
      .values({ name, holder: null, term: 0, expires_at: 0, status: null, status_at: 0 })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    if (dialect.rowLocks) await db.selectFrom('leases').select('term').where('name', '=', name).forUpdate().execute();
    return this.read(name);
  }

  async take(name: WorkName, { holder, progress, lifetimeMs }: WorkClaim): Promise<HeldWork> {
    const { db, dialect } = this.#sql;
    const { term } = await db
      .updateTable('leases')
      .set({
        holder,
        term: sql<number>`term + 1`,
        status: progress,
        status_at: dialect.timeMs,
        expires_at: sql<number>`${dialect.timeMs} + ${lifetimeMs}`,
      })
      .where('name', '=', name)
      .returning('term')
      .executeTakeFirstOrThrow();
    return { name, holder, term: Number(term) };
  }

  async save({ name, holder, term }: HeldWork, progress: string, lifetimeMs: number): Promise<boolean> {
    const { db, dialect } = this.#sql;
    const row = await db
      .updateTable('leases')
      .set({ status: progress, status_at: dialect.timeMs, expires_at: sql<number>`${dialect.timeMs} + ${lifetimeMs}` })
      .where('name', '=', name)
      .where('holder', '=', holder)
      .where('term', '=', term)
      .returning('term')
      .executeTakeFirst();
    return row !== undefined;
  }
}
