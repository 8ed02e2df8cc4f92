/** Drops the index by status and amount: every change of a status wrote to two of its pages, and few lists are sorted by it. */
import type { Kysely, Migration } from 'kysely';

export const noIndexByStatusAndAmount: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropIndex('orders_in_state_by_amount').execute();
  },
};
