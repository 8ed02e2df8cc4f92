/**
 * Drops the index of references over all POS: 64 bytes of each order. An operator's search reads the index of each POS instead, which the
 * lists of a POS need anyway.
 */
import type { Kysely, Migration } from 'kysely';

export const leanerReferencesExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropIndex('orders_reference').execute();
  },
};
