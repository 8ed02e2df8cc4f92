/**
 * Leaves the order and the sequence out of the index of events without a position: 43 bytes of each event. A list of them sorts only those
 * of the same millisecond, which are few: orders that are judged together have the same time, and they are at most 50. Every version can work with the index. It is not in a migration
 * that expands because on PostgreSQL callbacks wait while it is built.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const leanerEventIndex: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropIndex('callbacks_without_position').execute();
    await sql`create index callbacks_without_position on callbacks (pos_id, created_at) where feed_position is null`.execute(db);
  },
};
