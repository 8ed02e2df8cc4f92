import type { CallbackId } from '../../../kernel/ids.ts';
import type { AttemptOutcome, EndedAttempt } from '../../ports/attempt-outcome.ts';
import { hotQueryForEach } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import { lockOrders } from './lock-orders.ts';
import { logAttempts } from './log-attempts.ts';
import { readCallback } from './read-callbacks.ts';
import { releaseNext } from './release-next.ts';

interface Finishing {
  readonly id: string;
  readonly claimant: string;
  readonly status: string;
  readonly nextAttemptAt: number | null;
  readonly endedAt: number | null;
  readonly lastError: string | null;
}

/** Answers the callbacks whose attempts it has ended. */
const finish = hotQueryForEach<Finishing>()((db, { id, claimant, status, nextAttemptAt, endedAt, lastError }) =>
  db
    .updateTable('callbacks')
    .set({ status, next_attempt_at: nextAttemptAt, ended_at: endedAt, last_error: lastError, claimed_by: null })
    .where('id', '=', id)
    .where('claimed_by', '=', claimant)
    .returning('id'),
);

/** Writes how attempts ended; answers those whose claims the claimant still held. */
export async function finishClaims(
  context: SqlContext,
  ended: readonly EndedAttempt[],
  claimant: string,
): Promise<ReadonlySet<CallbackId>> {
  // In one order, so that anyone who locks several orders does not wait in a circle.
  const sorted = [...ended].sort((a, b) => (a.callback.orderId < b.callback.orderId ? -1 : 1));
  if (context.dialect.rowLocks)
    await lockOrders(
      context,
      sorted.map(({ callback }) => ({ id: callback.orderId })),
    );
  const finishing = sorted.map(({ callback: { id }, end }) => ({ id, claimant, ...outcomeColumns(end.outcome) }));
  const kept = new Set((await finish(context, finishing)).rows.map(({ id }) => id as CallbackId));
  const done = sorted.filter(({ callback, end }) => kept.has(callback.id) && end.outcome.kind !== 'retry');
  await releaseNext(
    context,
    done.map(({ callback: { orderId } }) => ({ orderId })),
  );
  const logged: EndedAttempt[] = [];
  // Nothing refers to what is not there.
  for (const one of sorted)
    if (kept.has(one.callback.id) || (await readCallback(context, one.callback.id)) !== undefined) logged.push(one);
  await logAttempts(
    context,
    logged.map(({ callback: { id }, end }) => ({ id, record: end.record })),
  );
  return kept;
}

function outcomeColumns(outcome: AttemptOutcome): {
  status: string;
  nextAttemptAt: number | null;
  endedAt: number | null;
  lastError: string | null;
} {
  switch (outcome.kind) {
    case 'delivered':
      return { status: 'delivered', nextAttemptAt: null, endedAt: outcome.at, lastError: null };
    case 'retry':
      return { status: 'waiting', nextAttemptAt: outcome.at, endedAt: null, lastError: outcome.error };
    case 'failed':
      return { status: 'failed', nextAttemptAt: null, endedAt: outcome.at, lastError: outcome.error };
  }
}
