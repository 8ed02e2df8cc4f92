/**
 * Lets time pass for single orders and callbacks, as the sandbox does, because a round cannot wait for minutes. Rows that a gateway has
 * locked are left alone: a wait for them could be a deadlock.
 */
import type { PostgresServer } from '../../../../test/support/postgres-server.ts';

/** More than the clocks of the processes differ. */
const PAST_MS = 20 * 60_000;

/** Makes some pending orders expire, and ends all disputes. */
export async function hurryDeadlines(primary: PostgresServer, random: () => number): Promise<void> {
  const past = Date.now() - PAST_MS;
  const salt = random();
  await primary.query(`
    update orders set expires_at = ${past}, settlement_timeout_ms = 0, deadline_at = ${past} where id in
      (select id from orders where status = 'pending' and hashtext(id || '${salt}') % 2 = 0 for update skip locked);
    update orders set chargeback_timeout_ms = 0, deadline_at = ${past} where id in
      (select id from orders where status = 'disputed' for update skip locked)`);
}

/** Makes callbacks due that were attempted before, whose backoff or lease would last for minutes. Those of new events are not touched. */
export async function hurryRetries(primary: PostgresServer): Promise<void> {
  await primary.query(`
    update callbacks set next_attempt_at = 0 where id in
      (select id from callbacks where status = 'waiting' and attempts > 0 and next_attempt_at > 0 for update skip locked)`);
}
