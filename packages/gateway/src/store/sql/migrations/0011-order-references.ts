/** Orders of one POS are listed by their reference. */
import { sql, type Kysely, type Migration } from 'kysely';

export const orderReferences: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Besides `orders_reference`, by which an operator searches every POS: a page of a reference that many orders share must be
    // read in the order of the list, without sorting them all.
    await sql`create index orders_of_reference on orders (pos_id, reference, created_at, id)
      where reference is not null`.execute(db);
  },
};
