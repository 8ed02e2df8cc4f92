import { sql } from 'kysely';
import type { StoredCallback } from '../../../callbacks/callback.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { CallbackId } from '../../../kernel/ids.ts';
import type { CallbackClaim } from '../../ports/callback-store.ts';
import { hotQuery, type Run } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import { callbackFrom, type CallbackRow } from './columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';
import { releaseNext } from './release-next.ts';
import { ATTEMPTS_COMPARE, type Kind } from './queue-kinds.ts';

interface Claiming {
  readonly now: number;
  readonly until: number;
  readonly claimant: string;
  readonly posId: string;
  readonly endpoint: string;
  readonly limit: number;
}

const NO_ATTEMPTS = sql.lit(0);

const BODY_OF_EARLIER_VERSION = sql<string | null>`case when packed_body is null then
  (select body from callback_bodies where callback_id = callbacks.id) end`;

type Claim = Run<Claiming, CallbackRow>;

const claimBy = (kind: Kind, order: 'asc' | 'desc', rowLocks: boolean): Claim =>
  hotQuery<Claiming>()((db, { now, until, claimant, posId, endpoint, limit }) => {
    let due = db
      .selectFrom('callbacks as due')
      .select('due.id')
      .where('due.pos_id', '=', posId)
      .where('due.endpoint', '=', endpoint)
      .where('due.attempts', ATTEMPTS_COMPARE[kind], NO_ATTEMPTS)
      .where('due.next_attempt_at', 'is not', null)
      .where('due.next_attempt_at', '<=', now)
      .orderBy('due.next_attempt_at', order)
      .limit(limit);
    if (rowLocks) due = due.forUpdate().skipLocked();
    return db
      .updateTable('callbacks')
      .set((eb) => ({ claimed_by: claimant, next_attempt_at: until, attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', due)
      .returningAll()
      .returning(BODY_OF_EARLIER_VERSION.as('body'));
  });

type ByLocks = Record<'withoutRowLocks' | 'withRowLocks', Claim>;
const claimsBy = (kind: Kind, order: 'asc' | 'desc'): ByLocks => ({
  withoutRowLocks: claimBy(kind, order, false),
  withRowLocks: claimBy(kind, order, true),
});

/** The statements by kind, by order, and by whether the database locks rows individually. */
const CLAIM: Record<Kind, Record<'oldest' | 'newest', ByLocks>> = {
  fresh: { oldest: claimsBy('fresh', 'asc'), newest: claimsBy('fresh', 'desc') },
  retries: { oldest: claimsBy('retries', 'asc'), newest: claimsBy('retries', 'desc') },
};

/** Claims due callbacks of one queue. */
export async function claimCallbacks(
  context: SqlContext,
  { kind, newest = false, ...claim }: CallbackClaim,
): Promise<StoredCallback[]> {
  const claims = CLAIM[kind][newest ? 'newest' : 'oldest'];
  const take = claims[context.dialect.rowLocks ? 'withRowLocks' : 'withoutRowLocks'];
  const { rows } = await take(context, claim);
  const claimed: StoredCallback[] = [];
  for (const row of rows) {
    try {
      claimed.push(callbackFrom(row));
    } catch (error) {
      if (!(error instanceof CorruptRowError)) throw error;
      await giveUpCorrupt(context, row, error, claim.now);
    }
  }
  context.claimed(claimed.map(({ orderId }) => orderId));
  return claimed;
}

/** Gives up a callback that cannot be read, so that it does not stop the others of its queue. */
async function giveUpCorrupt(
  context: SqlContext,
  { id, order_id: orderId }: CallbackRow,
  { message }: Error,
  now: EpochMs,
): Promise<void> {
  await context.db
    .updateTable('callbacks')
    .set({ status: 'failed', ended_at: now, last_error: message, next_attempt_at: null, claimed_by: null })
    .where('id', '=', id)
    .execute();
  await releaseNext(context, [{ orderId }]);
}

/** Releases claims for which no attempt was begun. */
export async function releaseClaims(
  { db }: SqlContext,
  ids: readonly CallbackId[],
  claimant: string,
  now: EpochMs,
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('callbacks')
    .set((eb) => ({ claimed_by: null, next_attempt_at: now, attempts: eb('attempts', '-', 1) }))
    .where('id', 'in', [...ids])
    .where('claimed_by', '=', claimant)
    .execute();
}
