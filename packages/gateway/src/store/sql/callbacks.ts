import { sql } from 'kysely';
import type { AttemptRecord, PendingCallback, StoredCallback } from '../../callbacks/callback.ts';
import { endpointOf } from '../../callbacks/endpoint-of.ts';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../../kernel/ids.ts';
import type {
  AttemptOutcome,
  CallbackClaim,
  CallbackQuery,
  CallbackQueue,
  CallbackStore,
  EndedAttempt,
  FailedQuery,
  FeedEvent,
} from '../ports.ts';
import { CLAIM, finishClaims, lockOrders, logAttempts, readQueues, releaseNext, wholeCallbacks } from './callback-queries.ts';
import { readFeed } from './event-feed.ts';
import { forgetSpan, type Aged } from './forget-span.ts';
import { callbackFrom } from './rows.ts';
import type { SqlContext } from './sql-context.ts';

const ATTEMPTS: Aged = { table: 'callback_attempts', column: 'started_at', span: 600_000 };

/**
 * Only the first waiting event of an order has a `next_attempt_at`: a queue holds nothing that may not be sent, however much waits
 * behind it. Whoever changes which event is the first has locked the order.
 */
export class SqlCallbacks implements CallbackStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(callbacks: readonly PendingCallback[]): Promise<void> {
    for (const callback of callbacks) {
      const before = await this.#sql.db
        .selectFrom('callbacks')
        .select((eb) => [
          eb.fn.max('sequence').as('last'),
          eb.fn.max('created_at').as('lastAt'),
          eb.fn.sum<number | string | null>(eb.case().when('status', '=', 'waiting').then(1).else(0).end()).as('waiting'),
        ])
        .where('order_id', '=', callback.orderId)
        .executeTakeFirstOrThrow();
      // A clock that was put back does not put an event before the one that it followed.
      const createdAt = Math.max(callback.createdAt, Number(before.lastAt ?? 0));
      const { url } = callback;
      await this.#sql.db
        .insertInto('callbacks')
        .values({
          id: callback.id,
          order_id: callback.orderId,
          pos_id: callback.posId,
          sequence: before.last === null ? 0 : Number(before.last) + 1,
          event: callback.event,
          url,
          endpoint: url === null ? null : endpointOf(url),
          created_at: createdAt,
          wanted_at: createdAt,
          status: url === null ? 'not_wanted' : 'waiting',
          attempts: 0,
          next_attempt_at: url === null || Number(before.waiting ?? 0) > 0 ? null : createdAt,
        })
        .execute();
      await this.#sql.db.insertInto('callback_bodies').values({ callback_id: callback.id, body: callback.body }).execute();
    }
  }

  async queues(): Promise<CallbackQueue[]> {
    const { rows } = await readQueues(this.#sql, {});
    return rows.flatMap(({ endpoint, due_at: dueAt }) =>
      endpoint === null || dueAt === null ? [] : [{ endpoint, dueAt: epochMs(Number(dueAt)) }],
    );
  }

  async claim({ newest = false, ...claim }: CallbackClaim): Promise<StoredCallback[]> {
    const { [this.#sql.dialect.rowLocks ? 'amongOthers' : 'alone']: take } = newest ? CLAIM.newest : CLAIM.oldest;
    return (await take(this.#sql, claim)).rows.map(callbackFrom);
  }

  async finish(ended: readonly EndedAttempt[], claimant: string): Promise<ReadonlySet<CallbackId>> {
    // In one order, so that whoever locks several orders does not wait in a circle.
    const sorted = [...ended].sort((a, b) => (a.callback.orderId < b.callback.orderId ? -1 : 1));
    if (this.#sql.dialect.rowLocks)
      await lockOrders(
        this.#sql,
        sorted.map(({ callback }) => ({ id: callback.orderId })),
      );
    const finishing = sorted.map(({ callback: { id }, end }) => ({ id, claimant, ...outcomeColumns(end.outcome) }));
    const kept = new Set((await finishClaims(this.#sql, finishing)).rows.map(({ id }) => id as CallbackId));
    const done = sorted.filter(({ callback, end }) => kept.has(callback.id) && end.outcome.kind !== 'retry');
    await releaseNext(
      this.#sql,
      done.map(({ callback: { orderId } }) => ({ orderId })),
    );
    const logged: EndedAttempt[] = [];
    // Nothing refers to what is not there.
    for (const one of sorted) if (kept.has(one.callback.id) || (await this.get(one.callback.id)) !== undefined) logged.push(one);
    await logAttempts(
      this.#sql,
      logged.map(({ callback: { id }, end }) => ({ id, ...end.record })),
    );
    return kept;
  }

  async giveBack(ids: readonly CallbackId[], claimant: string, now: EpochMs): Promise<void> {
    if (ids.length === 0) return;
    await this.#sql.db
      .updateTable('callbacks')
      .set((eb) => ({ claimed_by: null, next_attempt_at: now, attempts: eb('attempts', '-', 1) }))
      .where('id', 'in', [...ids])
      .where('claimed_by', '=', claimant)
      .execute();
  }

  async giveUp({ wantedBefore, now, limit }: Parameters<CallbackStore['giveUp']>[0]): Promise<number> {
    const { db } = this.#sql;
    const late = await db
      .selectFrom('callbacks')
      .select(['id', 'order_id'])
      .where('status', '=', sql.lit('waiting'))
      .where('wanted_at', '<', wantedBefore)
      .where((eb) => eb.or([eb('claimed_by', 'is', null), eb('next_attempt_at', '<=', now)]))
      .orderBy('wanted_at')
      .limit(limit)
      .execute();
    // In the order in which whoever locks several orders does.
    late.sort((a, b) => (a.order_id < b.order_id ? -1 : 1));
    let ended = 0;
    for (const { id, order_id: orderId } of late) {
      if (this.#sql.dialect.rowLocks) await lockOrders(this.#sql, [{ id: orderId }]);
      const { numUpdatedRows } = await db
        .updateTable('callbacks')
        .set((eb) => ({
          status: 'failed',
          ended_at: now,
          next_attempt_at: null,
          claimed_by: null,
          last_error: eb.fn.coalesce('last_error', sql.lit('its endpoint answered nobody until it was too late')),
        }))
        .where('id', '=', id)
        .where('status', '=', 'waiting')
        .where((eb) => eb.or([eb('claimed_by', 'is', null), eb('next_attempt_at', '<=', now)]))
        .executeTakeFirst();
      if (numUpdatedRows === 1n) await releaseNext(this.#sql, [{ orderId }]);
      ended += Number(numUpdatedRows);
    }
    return ended;
  }

  async attempts(id: CallbackId): Promise<AttemptRecord[]> {
    const rows = await this.#sql.db
      .selectFrom('callback_attempts')
      .selectAll()
      .where('callback_id', '=', id)
      .orderBy('started_at')
      .execute();
    return rows.map((row) => ({
      startedAt: epochMs(Number(row.started_at)),
      durationMs: Number(row.duration_ms),
      status: row.http_status === null ? null : Number(row.http_status),
      said: row.said,
    }));
  }

  forgetAttempts(before: EpochMs): Promise<boolean> {
    return forgetSpan(this.#sql, ATTEMPTS, before);
  }

  async ofOrder(id: OrderId): Promise<StoredCallback[]> {
    const rows = await wholeCallbacks(this.#sql.db).where('order_id', '=', id).orderBy('sequence').execute();
    return rows.map(callbackFrom);
  }

  async get(id: CallbackId): Promise<StoredCallback | undefined> {
    const row = await wholeCallbacks(this.#sql.db).where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : callbackFrom(row);
  }

  async list({ orderId, posId, status, endpoint, behind, limit }: CallbackQuery): Promise<StoredCallback[]> {
    const { db } = this.#sql;
    let matching = wholeCallbacks(db);
    if (orderId !== undefined) matching = matching.where('order_id', '=', orderId);
    if (posId !== undefined) matching = matching.where('pos_id', '=', posId);
    // Written out, so that the small index of those which wait, or were given up, is used.
    if (status !== undefined) matching = matching.where('status', '=', sql.lit(status));
    if (endpoint !== undefined) matching = matching.where('endpoint', '=', endpoint);
    if (behind !== undefined)
      matching = matching.where((eb) =>
        eb(
          eb.refTuple('created_at', 'order_id', 'sequence'),
          '<',
          eb
            .selectFrom('callbacks as last')
            .select(['last.created_at', 'last.order_id', 'last.sequence'])
            .where('last.id', '=', behind)
            .$asTuple('created_at', 'order_id', 'sequence'),
        ),
      );
    const newest = matching.orderBy('created_at', 'desc').orderBy('order_id', 'desc').orderBy('sequence', 'desc');
    return (await newest.limit(limit).execute()).map(callbackFrom);
  }

  async countQueue(endpoint: string, bound: number): Promise<number> {
    const { count } = await this.#sql.db
      .selectFrom((eb) =>
        eb
          .selectFrom('callbacks')
          .select('id')
          .where('endpoint', '=', endpoint)
          .where('next_attempt_at', 'is not', null)
          .limit(bound)
          .as('queue'),
      )
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async failedSince({ endedSince, posId, endpoint, behind, limit }: FailedQuery): Promise<StoredCallback[]> {
    let failed = wholeCallbacks(this.#sql.db).where('status', '=', sql.lit('failed')).where('ended_at', '>=', endedSince);
    if (posId !== undefined) failed = failed.where('pos_id', '=', posId);
    if (endpoint !== undefined) failed = failed.where('endpoint', '=', endpoint);
    if (behind !== undefined) failed = failed.where('id', '>', behind);
    return (await failed.orderBy('id').limit(limit).execute()).map(callbackFrom);
  }

  async makeDue(id: CallbackId, now: EpochMs): Promise<boolean> {
    const { db, dialect } = this.#sql;
    const wanted = await this.get(id);
    if (wanted === undefined || wanted.url === null) return false;
    let ofOrder = db
      .selectFrom('callbacks')
      .select(['claimed_by', 'next_attempt_at'])
      .where('order_id', '=', wanted.orderId)
      .where('url', 'is not', null);
    // A claim takes no row that is locked, and one that came before is seen.
    if (dialect.rowLocks) ofOrder = ofOrder.forUpdate();
    const rows = await ofOrder.execute();
    if (rows.some((row) => row.claimed_by !== null && Number(row.next_attempt_at) > now)) return false;
    await db
      .updateTable('callbacks')
      .set({ status: 'waiting', attempts: 0, wanted_at: now, ended_at: null })
      .where('id', '=', id)
      .execute();
    // Those after it wait for it again.
    await db
      .updateTable('callbacks')
      .set({ next_attempt_at: null, claimed_by: null })
      .where('order_id', '=', wanted.orderId)
      .where('sequence', '>=', wanted.sequence)
      .execute();
    await releaseNext(this.#sql, [{ orderId: wanted.orderId }]);
    return true;
  }

  feed(posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
    return readFeed(this.#sql, posId, after, limit);
  }
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
