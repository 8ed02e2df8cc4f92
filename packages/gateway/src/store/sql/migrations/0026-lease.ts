/**
 * The lease of the process that follows the chain, and for each account the indexes that this process has made ready for all processes.
 * Only PostgreSQL uses them: on SQLite there is one process.
 */
import type { Kysely, Migration } from 'kysely';

export const lease: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('leases')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('holder', 'text')
      .addColumn('term', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('status', 'text')
      .addColumn('status_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .alterTable('accounts')
      .addColumn('ready_to', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .alterTable('accounts')
      .addColumn('wanted_to', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('accounts').addColumn('ready_timeline', 'text').execute();
    await db.schema
      .alterTable('accounts')
      .addColumn('ready_term', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
