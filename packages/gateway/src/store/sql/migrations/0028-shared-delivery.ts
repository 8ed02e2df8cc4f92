/**
 * What processes that serve one database know of each other: which of them deliver callbacks, what they have claimed, which endpoints are
 * paused after how many failures, and who had too many requests refused.
 *
 * The index of claims exists on PostgreSQL only. On SQLite there is one process, and each of its claims would write to the index.
 */
import { PostgresAdapter, sql, type Kysely, type Migration } from 'kysely';

export const sharedDelivery: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('paused_queues')
      .addColumn('failures', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('delivering_processes')
      .addColumn('claimant', 'text', (c) => c.primaryKey())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('request_failures')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('full_at', 'bigint', (c) => c.notNull())
      .execute();
    if (db.getExecutor().adapter instanceof PostgresAdapter)
      await sql`create index callbacks_claimed on callbacks (endpoint, pos_id) where claimed_by is not null`.execute(db);
  },
};
