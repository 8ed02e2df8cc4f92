/** Lets unassigned payments be listed from an index: all of them or the open ones, of all accounts or of one. */
import { sql, type Kysely, type Migration } from 'kysely';

export const unassignedLists: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.dropIndex('unassigned_payments_account').execute();
    const byTime = sql`first_seen_at, txid, vout`;
    await sql`create index unassigned_payments_seen on unassigned_payments (${byTime})`.execute(db);
    await sql`create index unassigned_payments_account on unassigned_payments (account_id, ${byTime})`.execute(db);
    await sql`create index unassigned_payments_open on unassigned_payments (${byTime}) where acknowledged_at is null`.execute(db);
    await sql`create index unassigned_payments_open_account on unassigned_payments (account_id, ${byTime})
      where acknowledged_at is null`.execute(db);
  },
};
