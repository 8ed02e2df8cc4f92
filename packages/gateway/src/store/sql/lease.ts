import { sql } from 'kysely';
import { LeaseLostError, type HeldLease, type LeaseStore, type Renewal, type StoredLease } from '../ports/leader/lease-store.ts';
import { hotQuery } from './hot-query.ts';
import type { SqlContext } from './sql-context.ts';

/** The row of the process that follows the chain. */
export const CHAIN_LEASE = 'chain';

/**
 * How long a transaction of the leader may wait for its next statement, in milliseconds. PostgreSQL then ends it, so that a leader that is
 * suspended in the middle of one does not keep others from taking over.
 */
const MAX_PAUSE_MS = 3_000;

/** Selects a lease that is still held. The timeline is compared in the statement, so that nothing can change in between. */
const heldLease = hotQuery<HeldLease>()((db, { holder, term, timeline }, _rowOf, dialect) => {
  const query = db
    .selectFrom('leases')
    .select('term')
    .where('name', '=', CHAIN_LEASE)
    .where('holder', '=', holder)
    .where('term', '=', term)
    .where(dialect.timeline, '=', timeline);
  if (!dialect.rowLocks) return query;
  // A key share lock, because that does not conflict with renewals, which change no key; it conflicts with the `for update` of a takeover.
  // The setting lasts until the transaction ends.
  return query
    .select(sql`set_config('idle_in_transaction_session_timeout', ${sql.lit(String(MAX_PAUSE_MS))}, true)`.as('limited'))
    .forKeyShare();
});

export class SqlLease implements LeaseStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async read(): Promise<StoredLease> {
    const { db, dialect } = this.#sql;
    // Every database has a time, also before the first lease.
    const row = await db
      .selectFrom(db.selectNoFrom(dialect.timeMs.as('now')).as('clock'))
      .leftJoin('leases', (join) => join.on('leases.name', '=', CHAIN_LEASE))
      .select(['clock.now', 'holder', 'term', 'expires_at', 'status', 'status_at'])
      .executeTakeFirstOrThrow();
    const now = Number(row.now);
    return {
      holder: row.holder ?? undefined,
      term: Number(row.term ?? 0),
      validMs: Number(row.expires_at ?? 0) - now,
      status: row.status ?? undefined,
      statusAgeMs: now - Number(row.status_at ?? 0),
    };
  }

  async take(holder: string, lifetimeMs: number): Promise<HeldLease | undefined> {
    const { db, dialect } = this.#sql;
    await db
      .insertInto('leases')
      .values({ name: CHAIN_LEASE, holder: null, term: 0, expires_at: 0, status: null, status_at: 0 })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const query = db
      .selectFrom('leases')
      .select(['term', dialect.timeline.as('timeline')])
      .where('name', '=', CHAIN_LEASE);
    const { term, timeline } = await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirstOrThrow();
    // Read after the lock was granted: the leader may have renewed the lease meanwhile.
    const { validMs } = await this.read();
    if (validMs > 0) return undefined;
    const next = Number(term) + 1;
    await db
      .updateTable('leases')
      .set({ holder, term: next, expires_at: sql<number>`${dialect.timeMs} + ${lifetimeMs}` })
      .where('name', '=', CHAIN_LEASE)
      .execute();
    return { holder, term: next, timeline };
  }

  async renew({ holder, term, timeline }: HeldLease, lifetimeMs: number, status: string | undefined): Promise<Renewal> {
    const { db, dialect } = this.#sql;
    const row = await db
      .updateTable('leases')
      .set({ expires_at: sql<number>`${dialect.timeMs} + ${lifetimeMs}` })
      .$if(status !== undefined, (query) => query.set({ status: status ?? null, status_at: dialect.timeMs }))
      .where('name', '=', CHAIN_LEASE)
      .where('holder', '=', holder)
      .where('term', '=', term)
      .returning(dialect.timeline.as('timeline'))
      .executeTakeFirst();
    if (row === undefined) return 'lost';
    return row.timeline === timeline ? 'renewed' : 'failed over';
  }

  async release({ holder, term }: HeldLease): Promise<void> {
    const { db, dialect } = this.#sql;
    await db
      .updateTable('leases')
      .set({ holder: null, expires_at: dialect.timeMs })
      .where('name', '=', CHAIN_LEASE)
      .where('holder', '=', holder)
      .where('term', '=', term)
      .execute();
  }

  async hold(held: HeldLease): Promise<void> {
    const { rows } = await heldLease(this.#sql, held);
    if (rows.length === 0)
      throw new LeaseLostError(
        `the lease of term ${held.term} is over: another process follows the chain, or the database has failed over`,
      );
  }
}
