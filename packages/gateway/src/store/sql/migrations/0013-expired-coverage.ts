/**
 * An expired order remembers when its whole amount had been seen. Those from before were covered if they were given their settlement
 * timeout and enough had come before they expired; when that was is not known any more, so it is said to be their expiration time.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export const expiredCoverage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`update orders set covered_at = expires_at
      where status = 'expired' and ended_at >= expires_at + settlement_timeout_ms
        and amount_sats - tolerance_sats <= (select coalesce(sum(payments.amount_sats), 0) from payments
          where payments.order_id = orders.id and payments.first_seen_at < orders.ended_at)`.execute(db);
  },
};
