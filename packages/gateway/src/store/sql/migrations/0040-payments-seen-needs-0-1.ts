/**
 * Payments in the order in which they were first seen, for reports. Every version can work with the index. It is not in a migration that
 * expands because on PostgreSQL new payments wait while it is built: about a second for a million payments.
 */
import type { Kysely, Migration } from 'kysely';

export const paymentsSeen: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('payments_seen').on('payments').columns(['first_seen_at', 'txid', 'vout']).execute();
  },
};
