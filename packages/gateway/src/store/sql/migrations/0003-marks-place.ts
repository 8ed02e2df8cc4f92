/** Where the marks file of this database is, so that a copy of the database that is started elsewhere finds it, or misses it. */
import type { Kysely, Migration } from 'kysely';

export const marksPlace: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('marks_place')
      .addColumn('id', 'bigint', (c) => c.primaryKey())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('missing_at', 'bigint')
      .execute();
  },
};
