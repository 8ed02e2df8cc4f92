/**
 * What a merchant decides: how much may be missing (per POS, fixed in each order), what he accepted or refused by hand, and the history of
 * that. And what finds orders again: by reference, by what was received, and those that need somebody's attention.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const merchants: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['tolerance_bps', 'tolerance_sats'])
      await db.schema.alterTable('pos').addColumn(column, 'bigint').execute();
    for (const column of ['tolerance_sats', 'handled_sats', 'needs_attention'])
      await db.schema
        .alterTable('orders')
        .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
        .execute();
    for (const column of ['accepted_seen', 'accepted_deep'])
      await db.schema.alterTable('orders').addColumn(column, 'bigint').execute();
    // Orders are judged again only when something happens to them: those that need attention already are found here.
    await sql`update orders set needs_attention = 1 where status = 'disputed'
      or (status = 'paid' and surplus_told > 0)
      or (status in ('expired', 'cancelled', 'charged_back')
        and exists (select 1 from payments where payments.order_id = orders.id and payments.place <> 'gone'))`.execute(db);
    await sql`create index orders_attention on orders (created_at, id) where needs_attention = 1`.execute(db);
    await sql`create index orders_reference on orders (reference, id) where reference is not null`.execute(db);
    await db.schema.createIndex('payments_amount').on('payments').columns(['amount_sats', 'order_id']).execute();
    await db.schema
      .createTable('order_history')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('actor', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('status_before', 'text', (c) => c.notNull())
      .addColumn('status_after', 'text', (c) => c.notNull())
      .addColumn('received_sats', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('order_history_of').on('order_history').columns(['order_id', 'at']).execute();
    await db.schema.createIndex('order_history_age').on('order_history').column('at').execute();
  },
};
