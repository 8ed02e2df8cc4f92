/** Notes that people write about orders. They are only ever added. */
import type { Kysely, Migration } from 'kysely';

export const orderNotesExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('order_notes')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('author', 'text', (c) => c.notNull())
      .addColumn('note', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('order_notes_of').on('order_notes').columns(['order_id', 'at', 'id']).execute();
  },
};
