/**
 * Callbacks hold their compressed bodies. Bodies from before stay where they are, and are read from there: rewriting them here would
 * hold a large database for minutes. A process of the version before, which still runs, finds no body of a callback from after: it
 * fails to read or send that callback, and never takes another body for it.
 */
import type { Kysely, Migration } from 'kysely';

export const packedBodies: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // SQLite takes any name of a type, and stores bytes as they are.
    await db.schema.alterTable('callbacks').addColumn('packed_body', 'bytea').execute();
  },
};
