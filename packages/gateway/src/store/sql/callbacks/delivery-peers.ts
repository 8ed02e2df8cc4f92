import { sql } from 'kysely';
import type { DeliveryPeerStore } from '../../ports/shared/delivery-peer-store.ts';
import type { SqlContext } from '../sql-context.ts';

/** Rows of processes that died are deleted after this many times of the time within which a living one announces itself. */
const RETENTION = 10;

export class SqlDeliveryPeers implements DeliveryPeerStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async announce(claimant: string, withinMs: number): Promise<readonly string[]> {
    const { db, dialect } = this.#sql;
    await db
      .insertInto('delivering_processes')
      .values({ claimant, seen_at: dialect.timeMs })
      .onConflict((conflict) => conflict.column('claimant').doUpdateSet({ seen_at: dialect.timeMs }))
      .execute();
    const rows = await db
      .selectFrom('delivering_processes')
      .select(['claimant', sql<number | string>`${dialect.timeMs} - seen_at`.as('age')])
      .orderBy('claimant')
      .execute();
    const gone = rows.filter(({ age }) => Number(age) > RETENTION * withinMs).map((row) => row.claimant);
    if (gone.length > 0) await db.deleteFrom('delivering_processes').where('claimant', 'in', gone).execute();
    return rows.filter(({ age }) => Number(age) <= withinMs).map((row) => row.claimant);
  }

  async withdraw(claimant: string): Promise<void> {
    await this.#sql.db.deleteFrom('delivering_processes').where('claimant', '=', claimant).execute();
  }
}
