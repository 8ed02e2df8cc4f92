/**
 * What becomes of addresses that no order has: ranges that were skipped, payments that reached one of them or one ahead of the
 * index, and an index by which the owner of a derived script is found.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const addressesAhead: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('skipped_ranges')
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('from_index', 'bigint', (c) => c.notNull())
      .addColumn('to_index', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('skipped_ranges_of_account', ['account_id', 'from_index'])
      .execute();

    await db.schema
      .createTable('unassigned_payments')
      .addColumn('txid', 'text', (c) => c.notNull())
      .addColumn('vout', 'bigint', (c) => c.notNull())
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('address_index', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('script', 'text', (c) => c.notNull())
      .addColumn('amount_sats', 'bigint', (c) => c.notNull())
      .addColumn('normalized_txid', 'text', (c) => c.notNull())
      .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
      .addColumn('place', 'text', (c) => c.notNull())
      .addColumn('block_height', 'bigint')
      .addColumn('block_hash', 'text')
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('note', 'text')
      .addPrimaryKeyConstraint('unassigned_payments_out_point', ['txid', 'vout'])
      .execute();
    await db.schema
      .createIndex('unassigned_payments_account')
      .on('unassigned_payments')
      .columns(['account_id', 'address_index'])
      .execute();
    await db.schema
      .createIndex('unassigned_payments_mempool')
      .on('unassigned_payments')
      .column('txid')
      .where(sql.ref('place'), '=', sql.lit('mempool'))
      .execute();
    await db.schema
      .createIndex('unassigned_payments_block')
      .on('unassigned_payments')
      .column('block_height')
      .where(sql.ref('block_height'), 'is not', null)
      .execute();

    await db.schema.createIndex('derived_addresses_script').on('derived_addresses').column('script').execute();
  },
};
