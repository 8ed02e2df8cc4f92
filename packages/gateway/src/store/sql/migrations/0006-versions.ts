/** Which versions of the gateway have written to this database, so that an older one can say which it takes. */
import type { Kysely, Migration } from 'kysely';

export const versions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('gateway_versions')
      .addColumn('version', 'text', (c) => c.primaryKey())
      .addColumn('first_at', 'bigint', (c) => c.notNull())
      .execute();
  },
};
