/** Two columns take the names that the rest of the code has for them. */
import type { Kysely, Migration } from 'kysely';

export const plainColumnNames: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('callback_attempts').renameColumn('said', 'response_excerpt').execute();
    await db.schema.alterTable('orders').renameColumn('surplus_told', 'surplus_reported').execute();
  },
};
