/** Lets time pass for single orders and callbacks, as the sandbox does, because a round cannot wait for minutes. */
import type { PostgresServer } from '../../../../test/support/postgres-server.ts';

/** More than the clocks of the processes differ. */
const PAST_MS = 20 * 60_000;

/** Makes some pending orders expire, and ends all disputes. */
export async function hurryDeadlines(primary: PostgresServer, random: () => number): Promise<void> {
  const now = Date.now();
  await primary.query(`
    begin;
    update orders set expires_at = ${now - PAST_MS}, settlement_timeout_ms = 0, deadline_at = ${now - PAST_MS}
      where id in (select id from orders where status = 'pending' order by id for update) and hashtext(id || '${random()}') % 2 = 0;
    update orders set chargeback_timeout_ms = 0, deadline_at = ${now - PAST_MS}
      where id in (select id from orders where status = 'disputed' order by id for update);
    commit`);
}

/** Makes callbacks due that were attempted before, whose backoff or lease would last for minutes. Those of new events are not touched. */
export async function hurryRetries(primary: PostgresServer): Promise<void> {
  await primary.query(
    `update callbacks set next_attempt_at = 0 where status = 'waiting' and attempts > 0 and next_attempt_at > 0`,
  );
}
