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

/** Ends attempts, and returns the ids of the callbacks that the claimant still held. */
const finish = hotQueryForEach<Finishing>()((db, { id, claimant, status, nextAttemptAt, endedAt, lastError }) =>
  db
    .updateTable('callbacks')
    .set({ status, next_attempt_at: nextAttemptAt, ended_at: endedAt, last_error: lastError, claimed_by: null })
    .where('id', '=', id)
    .where('claimed_by', '=', claimant)
    .returning('id'),
);

/** Stores the outcomes of attempts, and returns the callbacks whose claims the claimant still held. */
export async function finishClaims(
  context: SqlContext,
  ended: readonly EndedAttempt[],
  claimant: string,
): Promise<ReadonlySet<CallbackId>> {
  // Orders are always locked in the same order, so that transactions cannot deadlock.
  const sorted = [...ended].sort((a, b) => (a.callback.orderId < b.callback.orderId ? -1 : 1));
  if (context.dialect.rowLocks)
    await lockOrders(
      context,
      sorted.map(({ callback }) => ({ id: callback.orderId })),
    );
  const finishing = sorted.map(({ callback: { id }, end }) => ({ id, claimant, ...outcomeColumns(end.outcome) }));
  const held = new Set((await finish(context, finishing)).rows.map(({ id }) => id as CallbackId));
  const done = sorted.filter(({ callback, end }) => held.has(callback.id) && end.outcome.kind !== 'retry');
  await releaseNext(
    context,
    done.map(({ callback: { orderId } }) => ({ orderId })),
  );
  const logged: EndedAttempt[] = [];
  // An attempt can be logged only while its callback exists.
  for (const one of sorted)
    if (held.has(one.callback.id) || (await readCallback(context, one.callback.id)) !== undefined) logged.push(one);
  await logAttempts(
    context,
    logged.map(({ callback: { id }, end }) => ({ id, record: end.record })),
  );
  return held;
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
