/**
 * The seals of accounts, of the accounts of POS, of derived addresses and of the addresses of orders. Rows from before have none, and
 * neither have those that an older version writes beside this one; `seal_start` says since when that is suspicious.
 */
import type { Kysely, Migration } from 'kysely';

export const accountSealsExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('accounts').addColumn('seal', 'text').execute();
    await db.schema.alterTable('pos').addColumn('account_seal', 'text').execute();
    await db.schema.alterTable('derived_addresses').addColumn('seal', 'text').execute();
    await db.schema.alterTable('orders').addColumn('address_seal', 'text').execute();
    await db.schema
      .createTable('seal_start')
      .addColumn('id', 'bigint', (c) => c.primaryKey())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('seal', 'text', (c) => c.notNull())
      .execute();
  },
};
