/** Until when the gateway leaves a queue of callbacks alone, for those who look at it from outside. */
import type { Kysely, Migration } from 'kysely';

export const pausedQueues: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('paused_queues')
      .addColumn('pos_id', 'text', (c) => c.notNull())
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('paused_until', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('paused_queues_of_pos', ['pos_id', 'endpoint'])
      .execute();
  },
};
