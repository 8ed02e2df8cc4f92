/** Positions in the chain that were set by hand, and the blocks that were never read for it. */
import type { Kysely, Migration } from 'kysely';

export const chainRestarts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('chain_restarts')
      .addColumn('at', 'bigint', (c) => c.primaryKey())
      .addColumn('from_height', 'bigint', (c) => c.notNull())
      .addColumn('to_height', 'bigint', (c) => c.notNull())
      .addColumn('to_hash', 'text', (c) => c.notNull())
      .addColumn('unread_from', 'bigint')
      .addColumn('unread_to', 'bigint')
      .addColumn('undone_blocks', 'bigint', (c) => c.notNull())
      .addColumn('found_payments', 'bigint', (c) => c.notNull())
      .execute();
  },
};
