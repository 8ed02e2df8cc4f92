/**
 * Sorts the indexes of callbacks that wait and of those that were given up, so that a page of either list is read from its index however
 * long the list is. Each is built in one pass over the callbacks.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const callbackLists: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropIndex('callbacks_waiting').execute();
    await sql`create index callbacks_waiting on callbacks (wanted_at, order_id, sequence) where status = 'waiting'`.execute(db);
    await db.schema.dropIndex('callbacks_failed').execute();
    await sql`create index callbacks_failed on callbacks (created_at, order_id, sequence) where status = 'failed'`.execute(db);
  },
};
