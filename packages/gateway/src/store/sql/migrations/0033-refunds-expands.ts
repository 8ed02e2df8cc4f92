/**
 * Adds refunds: what was requested and approved, and the outputs that pay them. The requests that buyers have made become refunds, each
 * with the id of its order, because the other ids are random.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const refundsExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('pos')
      .addColumn('refund_events', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createTable('refunds')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('pos_id', 'text', (c) => c.notNull())
      .addColumn('requested_by', 'text', (c) => c.notNull())
      .addColumn('requested_at', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('reason', 'text')
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('approved_at', 'bigint')
      .addColumn('amount_sats', 'bigint')
      .addColumn('script', 'text')
      .addColumn('priced', 'text')
      .addColumn('fiat_minor_units', 'text')
      .addColumn('currency', 'text')
      .addColumn('rate', 'text')
      .addColumn('confirmations', 'bigint')
      .addColumn('since_height', 'bigint')
      .addColumn('closed_at', 'bigint')
      .addColumn('payout_txid', 'text')
      .addColumn('payout_vout', 'bigint')
      .addColumn('watch_position', 'bigint')
      .addColumn('judge_at_height', 'bigint')
      .addColumn('reported', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('seal', 'text')
      .execute();
    await db.schema.createIndex('refunds_order').on('refunds').column('order_id').execute();
    await db.schema.createIndex('refunds_pos').on('refunds').columns(['pos_id', 'id']).execute();
    await db.schema.createIndex('refunds_status').on('refunds').columns(['status', 'id']).execute();
    await db.schema.createIndex('refunds_pos_status').on('refunds').columns(['pos_id', 'status', 'id']).execute();
    await sql`create index refunds_script on refunds (script) where script is not null`.execute(db);
    await sql`create index refunds_watched on refunds (watch_position) where watch_position is not null`.execute(db);
    await sql`create index refunds_judge on refunds (judge_at_height) where judge_at_height is not null`.execute(db);
    await db.schema
      .createTable('refund_payouts')
      .addColumn('txid', 'text', (c) => c.notNull())
      .addColumn('vout', 'bigint', (c) => c.notNull())
      .addColumn('script', 'text', (c) => c.notNull())
      .addColumn('amount_sats', 'bigint', (c) => c.notNull())
      .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
      .addColumn('refund_id', 'text')
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('block_height', 'bigint')
      .addColumn('block_hash', 'text')
      .addColumn('missing_since', 'bigint')
      .addColumn('gone_reason', 'text')
      .addColumn('replaced_by', 'text')
      .addPrimaryKeyConstraint('refund_payouts_key', ['txid', 'vout'])
      .execute();
    await db.schema.createIndex('refund_payouts_script').on('refund_payouts').column('script').execute();
    await db.schema.createIndex('refund_payouts_block').on('refund_payouts').column('block_height').execute();
    await sql`create index refund_payouts_mempool on refund_payouts (place) where place = 'mempool'`.execute(db);
    await sql`create index refund_payouts_missing on refund_payouts (place) where place = 'missing'`.execute(db);
    await db.schema
      .createTable('refund_watch')
      .addColumn('id', 'bigint', (c) => c.primaryKey())
      .addColumn('position', 'bigint', (c) => c.notNull())
      .execute();
    await sql`insert into refunds (id, order_id, pos_id, requested_by, requested_at, address, status)
      select r.order_id, r.order_id, o.pos_id, 'buyer', r.requested_at, r.address, 'requested'
      from refund_requests as r join orders as o on o.id = r.order_id`.execute(db);
  },
};
