/**
 * Adds the lowest height of the tip at which an order is judged, so that a new block does not cause all orders with a payment in the
 * last 100 blocks to be judged. Orders that are watched already are judged once at the next tip, which sets the height of each.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const judgeAtHeight: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('orders').addColumn('judge_at_height', 'integer').execute();
    await sql`update orders set judge_at_height = 0 where watched = 1`.execute(db);
    await sql`create index orders_to_judge on orders (judge_at_height) where judge_at_height is not null`.execute(db);
  },
};
