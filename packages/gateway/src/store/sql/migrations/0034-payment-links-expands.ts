/** Payment links, and the orders that were opened from them. */
import type { Kysely, Migration } from 'kysely';

export const paymentLinksExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('payment_links')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('pos_id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('description', 'text')
      .addColumn('currency', 'text', (c) => c.notNull())
      // In minor units of the currency; a link with an open amount has none.
      .addColumn('amount', 'text')
      .addColumn('min_amount', 'text')
      .addColumn('max_amount', 'text')
      .addColumn('quantity', 'bigint')
      .addColumn('expires_at', 'bigint')
      .addColumn('takes_note', 'bigint', (c) => c.notNull())
      .addColumn('active', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      // Settled places that were paid.
      .addColumn('paid_places', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex('payment_links_pos').on('payment_links').columns(['pos_id', 'id']).execute();
    await db.schema
      .createTable('link_orders')
      .addColumn('link_id', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('order_id', 'text')
      .addColumn('taken_at', 'bigint', (c) => c.notNull())
      .addColumn('settled', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('link_orders_key', ['link_id', 'key'])
      .execute();
    await db.schema.createIndex('link_orders_unsettled').on('link_orders').columns(['link_id', 'settled', 'taken_at']).execute();
    await db.schema.createIndex('link_orders_newest').on('link_orders').columns(['link_id', 'order_id']).execute();
  },
};
