/** An event feed records up to which event it has been pruned. */
import type { Kysely, Migration } from 'kysely';

export const prunedEvents: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('event_feeds')
      .addColumn('pruned_position', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('event_feeds').addColumn('pruned_id', 'text').execute();
  },
};
