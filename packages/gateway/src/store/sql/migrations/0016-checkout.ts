/** Adds the checkout settings of a POS, and the addresses that buyers want refunds to be sent to. */
import type { Kysely, Migration } from 'kysely';

export const checkout: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('pos')
      .addColumn('return_when', 'text', (c) => c.notNull().defaultTo('seen'))
      .execute();
    await db.schema
      .alterTable('pos')
      .addColumn('allows_retry', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('refund_requests')
      .addColumn('order_id', 'text', (c) => c.primaryKey().references('orders.id'))
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('requested_at', 'bigint', (c) => c.notNull())
      .execute();
  },
};
