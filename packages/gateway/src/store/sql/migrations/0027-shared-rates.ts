/** The quotes that one process fetches for all that share the database. Only PostgreSQL uses them: on SQLite there is one process. */
import type { Kysely, Migration } from 'kysely';

export const sharedRates: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('shared_rates')
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('price', 'text', (c) => c.notNull())
      .addColumn('priced_at', 'bigint', (c) => c.notNull())
      .addColumn('asked_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('shared_rates_of_provider', ['provider', 'currency'])
      .execute();
  },
};
