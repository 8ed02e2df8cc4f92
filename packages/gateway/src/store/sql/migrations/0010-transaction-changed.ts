/**
 * `payment.transaction.changed`: whether a POS asks for it, and what was last said of each payment. Of payments from before nobody
 * knows that, so that nothing is told of them until something changes.
 */
import type { Kysely, Migration } from 'kysely';

export const transactionChanged: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('pos')
      .addColumn('transaction_changed', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    // New payments say that nothing was said; those from before get the default.
    await db.schema
      .alterTable('payments')
      .addColumn('noted', 'text', (c) => c.notNull().defaultTo('unknown'))
      .execute();
  },
};
