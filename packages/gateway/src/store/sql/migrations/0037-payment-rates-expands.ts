/** The rate when a payment was first seen, for reports. Payments that are stored already, or by an earlier version, have none. */
import type { Kysely, Migration } from 'kysely';

export const paymentRatesExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('payments').addColumn('seen_rate_source', 'text').execute();
    await db.schema.alterTable('payments').addColumn('seen_rate_value', 'text').execute();
    await db.schema.alterTable('payments').addColumn('seen_rate_at', 'bigint').execute();
  },
};
