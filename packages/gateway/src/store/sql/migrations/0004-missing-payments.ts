/** Payments that a node has forgotten: since when, why one is gone, and the transactions to send again. */
import { sql, type Kysely, type Migration } from 'kysely';

export const missingPayments: Migration = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const table of ['payments', 'unassigned_payments']) {
      await db.schema.alterTable(table).addColumn('missing_since', 'bigint').execute();
      await db.schema.alterTable(table).addColumn('gone_reason', 'text').execute();
      await db.schema.alterTable(table).addColumn('replaced_by', 'text').execute();
      await db.schema
        .createIndex(`${table}_missing`)
        .on(table)
        .column('txid')
        .where(sql.ref('place'), '=', sql.lit('missing'))
        .execute();
    }
    await db.schema
      .createTable('payment_transactions')
      .addColumn('txid', 'text', (c) => c.primaryKey())
      .addColumn('raw', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('payment_families')
      .addColumn('payment_txid', 'text', (c) => c.notNull())
      .addColumn('member_txid', 'text', (c) => c.notNull())
      .addColumn('ordinal', 'bigint', (c) => c.notNull())
      .addColumn('kept_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('payment_families_members', ['payment_txid', 'member_txid'])
      .execute();
    await db.schema.createIndex('payment_families_of_member').on('payment_families').column('member_txid').execute();
    await db.schema
      .createTable('payment_inputs')
      .addColumn('member_txid', 'text', (c) => c.notNull())
      .addColumn('spent_txid', 'text', (c) => c.notNull())
      .addColumn('spent_vout', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('payment_inputs_of_member', ['member_txid', 'spent_txid', 'spent_vout'])
      .execute();
    await db.schema.createIndex('payment_inputs_spent').on('payment_inputs').columns(['spent_txid', 'spent_vout']).execute();
  },
};
