/** The first tables. Money and times are 64-bit integers (satoshi, milliseconds); fiat is text, since it has no upper bound. */
import { sql, type Kysely, type Migration } from 'kysely';

export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('accounts')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('network', 'text', (c) => c.notNull())
      .addColumn('descriptor', 'text', (c) => c.notNull().unique())
      .addColumn('next_index', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('derived_addresses')
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('address_index', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('script', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('derived_addresses_index', ['account_id', 'address_index'])
      .execute();

    await db.schema
      .createTable('logos')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('media_type', 'text', (c) => c.notNull())
      .addColumn('base64', 'text', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('pos')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('client_id', 'text', (c) => c.notNull().unique())
      .addColumn('sealed_secret', 'text', (c) => c.notNull())
      .addColumn('generation', 'bigint', (c) => c.notNull())
      .addColumn('next_sealed_secret', 'text')
      .addColumn('rotation_started_at', 'bigint')
      .addColumn('callback_url', 'text')
      .addColumn('continue_url', 'text')
      .addColumn('cancel_url', 'text')
      .addColumn('required_confirmations', 'bigint', (c) => c.notNull())
      .addColumn('rate_provider', 'text')
      .addColumn('rate_spread_bps', 'bigint', (c) => c.notNull())
      .addColumn('support', 'text')
      .addColumn('accent', 'text')
      .addColumn('logo', 'text', (c) => c.references('logos.id'))
      .addColumn('origins', 'text', (c) => c.notNull())
      .addColumn('active', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('orders')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('pos_id', 'text', (c) => c.notNull().references('pos.id'))
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('address_index', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('script', 'text', (c) => c.notNull().unique())
      .addColumn('amount_sats', 'bigint', (c) => c.notNull())
      .addColumn('currency', 'text', (c) => c.notNull())
      .addColumn('fiat_minor_units', 'text', (c) => c.notNull())
      .addColumn('rate_source', 'text', (c) => c.notNull())
      .addColumn('rate_value', 'text', (c) => c.notNull())
      .addColumn('rate_at', 'bigint', (c) => c.notNull())
      .addColumn('required_confirmations', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('settlement_timeout_ms', 'bigint', (c) => c.notNull())
      .addColumn('chargeback_timeout_ms', 'bigint', (c) => c.notNull())
      .addColumn('reference', 'text')
      .addColumn('details', 'text')
      .addColumn('callback_url', 'text')
      .addColumn('continue_url', 'text')
      .addColumn('cancel_url', 'text')
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('blockchain_status', 'text', (c) => c.notNull())
      .addColumn('covered_at', 'bigint')
      .addColumn('paid_at', 'bigint')
      .addColumn('disputed_at', 'bigint')
      .addColumn('ended_at', 'bigint')
      .addColumn('surplus_told', 'bigint', (c) => c.notNull())
      .addColumn('deadline_at', 'bigint')
      .addColumn('watched', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('orders_address_index', ['account_id', 'address_index'])
      .execute();
    await db.schema
      .createIndex('orders_deadline')
      .on('orders')
      .column('deadline_at')
      .where(sql.ref('deadline_at'), 'is not', null)
      .execute();
    // A page of a POS's orders is read off one of these, in whichever order and of whichever state.
    await db.schema.createIndex('orders_of_pos').on('orders').columns(['pos_id', 'created_at', 'id']).execute();
    await db.schema
      .createIndex('orders_in_state')
      .on('orders')
      .columns(['pos_id', 'blockchain_status', 'created_at', 'id'])
      .execute();
    const amount = sql`length(fiat_minor_units), fiat_minor_units, id`;
    await sql`create index orders_by_amount on orders (pos_id, ${amount})`.execute(db);
    // Not those that nothing has been paid to: they are few, and end soon; every new order is one.
    await sql`create index orders_in_state_by_amount on orders (pos_id, blockchain_status, ${amount})
      where blockchain_status <> 'pending'`.execute(db);
    await db.schema
      .createTable('order_counts')
      .addColumn('pos_id', 'text', (c) => c.notNull().references('pos.id'))
      .addColumn('blockchain_status', 'text', (c) => c.notNull())
      .addColumn('orders', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('order_counts_of_pos', ['pos_id', 'blockchain_status'])
      .execute();
    await db.schema.createIndex('orders_watched').on('orders').column('id').where(sql.ref('watched'), '=', sql.lit(1)).execute();

    await db.schema
      .createTable('payments')
      .addColumn('txid', 'text', (c) => c.notNull())
      .addColumn('vout', 'bigint', (c) => c.notNull())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('amount_sats', 'bigint', (c) => c.notNull())
      .addColumn('normalized_txid', 'text', (c) => c.notNull())
      .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('block_height', 'bigint')
      .addColumn('block_hash', 'text')
      .addColumn('counted', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('payments_out_point', ['txid', 'vout'])
      .execute();
    await db.schema.createIndex('payments_order').on('payments').column('order_id').execute();
    await db.schema
      .createIndex('payments_mempool')
      .on('payments')
      .column('order_id')
      .where(sql.ref('place'), '=', sql.lit('mempool'))
      .execute();
    await db.schema
      .createIndex('payments_block')
      .on('payments')
      .column('block_height')
      .where(sql.ref('block_height'), 'is not', null)
      .execute();

    await db.schema
      .createTable('chain_blocks')
      .addColumn('height', 'bigint', (c) => c.primaryKey())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('callbacks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('pos_id', 'text', (c) => c.notNull())
      .addColumn('sequence', 'bigint', (c) => c.notNull())
      .addColumn('event', 'text', (c) => c.notNull())
      .addColumn('url', 'text')
      .addColumn('endpoint', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('wanted_at', 'bigint', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('attempts', 'bigint', (c) => c.notNull())
      .addColumn('next_attempt_at', 'bigint')
      .addColumn('claimed_by', 'text')
      .addColumn('ended_at', 'bigint')
      .addColumn('last_error', 'text')
      .addColumn('feed_position', 'bigint')
      .addUniqueConstraint('callbacks_sequence', ['order_id', 'sequence'])
      .execute();
    // Apart, since every attempt writes the row of its callback, and the body is most of what a callback is.
    await db.schema
      .createTable('callback_bodies')
      .addColumn('callback_id', 'text', (c) => c.primaryKey().references('callbacks.id'))
      .addColumn('body', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('callbacks_age').on('callbacks').columns(['created_at', 'order_id', 'sequence']).execute();
    await db.schema
      .createIndex('callbacks_due')
      .on('callbacks')
      .columns(['endpoint', 'next_attempt_at'])
      .where(sql.ref('next_attempt_at'), 'is not', null)
      .execute();
    await db.schema
      .createIndex('callbacks_waiting')
      .on('callbacks')
      .column('wanted_at')
      .where(sql.ref('status'), '=', sql.lit('waiting'))
      .execute();
    await db.schema
      .createIndex('callbacks_without_position')
      .on('callbacks')
      .columns(['pos_id', 'created_at', 'order_id', 'sequence'])
      .where(sql.ref('feed_position'), 'is', null)
      .execute();
    await db.schema
      .createIndex('callbacks_position')
      .on('callbacks')
      .columns(['pos_id', 'feed_position'])
      .unique()
      .where(sql.ref('feed_position'), 'is not', null)
      .execute();
    await db.schema
      .createIndex('callbacks_failed')
      .on('callbacks')
      .column('id')
      .where(sql.ref('status'), '=', sql.lit('failed'))
      .execute();

    await db.schema
      .createTable('callback_attempts')
      .addColumn('callback_id', 'text', (c) => c.notNull().references('callbacks.id'))
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('duration_ms', 'bigint', (c) => c.notNull())
      .addColumn('http_status', 'bigint')
      .addColumn('said', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('callback_attempts_of').on('callback_attempts').columns(['callback_id', 'started_at']).execute();
    await db.schema.createIndex('callback_attempts_age').on('callback_attempts').column('started_at').execute();
    await db.schema
      .createTable('failing_endpoints')
      .addColumn('endpoint', 'text', (c) => c.primaryKey())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('failures', 'bigint', (c) => c.notNull())
      .addColumn('last_error', 'text', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('panel_grants')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('event_feeds')
      .addColumn('pos_id', 'text', (c) => c.primaryKey())
      .addColumn('last_position', 'bigint', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('idempotency_keys')
      .addColumn('pos_id', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('request_hash', 'text', (c) => c.notNull())
      .addColumn('order_id', 'text', (c) => c.notNull().references('orders.id'))
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('idempotency_keys_of_pos', ['pos_id', 'key'])
      .execute();
    await db.schema.createIndex('idempotency_keys_age').on('idempotency_keys').column('created_at').execute();

    await db.schema
      .createTable('sandbox_blocks')
      .addColumn('height', 'bigint', (c) => c.primaryKey())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('raw', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('sandbox_coins')
      .addColumn('txid', 'text', (c) => c.notNull())
      .addColumn('vout', 'bigint', (c) => c.notNull())
      .addColumn('amount_sats', 'bigint', (c) => c.notNull())
      .addColumn('height', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('sandbox_coins_out_point', ['txid', 'vout'])
      .execute();
    await db.schema
      .createTable('sandbox_mempool')
      .addColumn('txid', 'text', (c) => c.primaryKey())
      .addColumn('raw', 'text', (c) => c.notNull())
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('position', 'bigint', (c) => c.notNull())
      .execute();
  },
};
