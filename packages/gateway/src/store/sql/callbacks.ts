import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { PendingCallback, StoredCallback } from '../../callbacks/callback.ts';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, OrderId } from '../../kernel/ids.ts';
import type { AttemptOutcome, CallbackClaim, CallbackQuery, CallbackStore } from '../ports.ts';
import { callbackFrom } from './rows.ts';
import type { SqlContext } from './sql-context.ts';
import type { CallbacksTable, Tables } from './tables.ts';

export class SqlCallbacks implements CallbackStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(callbacks: readonly PendingCallback[]): Promise<void> {
    for (const callback of callbacks) {
      // The order's row is locked by whoever inserts, so nobody else counts at the same time.
      const { last } = await this.#sql.db
        .selectFrom('callbacks')
        .select((eb) => eb.fn.max('sequence').as('last'))
        .where('order_id', '=', callback.orderId)
        .executeTakeFirstOrThrow();
      await this.#sql.db
        .insertInto('callbacks')
        .values({
          id: callback.id,
          order_id: callback.orderId,
          pos_id: callback.posId,
          sequence: last === null ? 0 : Number(last) + 1,
          event: callback.event,
          url: callback.url,
          body: callback.body,
          created_at: callback.createdAt,
          status: callback.url === null ? 'not_wanted' : 'waiting',
          attempts: 0,
          next_attempt_at: callback.url === null ? null : callback.createdAt,
        })
        .execute();
    }
  }

  async claim({ now, until, claimant, limit }: CallbackClaim): Promise<StoredCallback[]> {
    const { db, dialect } = this.#sql;
    let due = db
      .selectFrom('callbacks as due')
      .select('due.id')
      .where('due.status', '=', sql.lit('waiting'))
      .where('due.next_attempt_at', '<=', now)
      .where((eb) => eb.or([eb('due.claimed_until', 'is', null), eb('due.claimed_until', '<=', now)]))
      .where(isNext)
      .orderBy('due.next_attempt_at')
      .limit(limit);
    if (dialect.rowLocks) due = due.forUpdate().skipLocked();
    const rows = await db
      .updateTable('callbacks')
      .set((eb) => ({ claimed_by: claimant, claimed_until: until, attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', due)
      .returningAll()
      .execute();
    return rows.map(callbackFrom);
  }

  async finish(id: CallbackId, claimant: string, outcome: AttemptOutcome): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('callbacks')
      .set({ ...outcomeColumns(outcome), claimed_by: null, claimed_until: null })
      .where('id', '=', id)
      .where('claimed_by', '=', claimant)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async nextAttempt(): Promise<EpochMs | undefined> {
    const row = await this.#sql.db
      .selectFrom('callbacks as due')
      .select('due.next_attempt_at')
      .where('due.status', '=', sql.lit('waiting'))
      .where('due.next_attempt_at', 'is not', null)
      .where('due.claimed_by', 'is', null)
      .where(isNext)
      .orderBy('due.next_attempt_at')
      .limit(1)
      .executeTakeFirst();
    return row?.next_attempt_at == null ? undefined : epochMs(Number(row.next_attempt_at));
  }

  async ofOrder(id: OrderId): Promise<StoredCallback[]> {
    const rows = await this.#sql.db.selectFrom('callbacks').selectAll().where('order_id', '=', id).orderBy('sequence').execute();
    return rows.map(callbackFrom);
  }

  async get(id: CallbackId): Promise<StoredCallback | undefined> {
    const row = await this.#sql.db.selectFrom('callbacks').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : callbackFrom(row);
  }

  async list({ orderId, posId, status, limit }: CallbackQuery): Promise<StoredCallback[]> {
    let matching = this.#sql.db.selectFrom('callbacks').selectAll();
    if (orderId !== undefined) matching = matching.where('order_id', '=', orderId);
    if (posId !== undefined) matching = matching.where('pos_id', '=', posId);
    if (status !== undefined) matching = matching.where('status', '=', status);
    const newest = matching.orderBy('created_at', 'desc').orderBy('order_id').orderBy('sequence', 'desc');
    return (await newest.limit(limit).execute()).map(callbackFrom);
  }

  async makeDue(id: CallbackId, now: EpochMs): Promise<boolean> {
    const { db } = this.#sql;
    const underWay = db.selectFrom('callbacks as other').select('other.order_id').where('other.claimed_until', '>', now);
    const { numUpdatedRows } = await db
      .updateTable('callbacks')
      .set({ status: 'waiting', attempts: 0, next_attempt_at: now, ended_at: null, claimed_by: null, claimed_until: null })
      .where('id', '=', id)
      .where('url', 'is not', null)
      .where('order_id', 'not in', underWay)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

/** Whether no earlier event of the same order is still to be delivered. */
function isNext(eb: ExpressionBuilder<Tables & { due: CallbacksTable }, 'due'>): Expression<SqlBool> {
  return eb.not(
    eb.exists(
      eb
        .selectFrom('callbacks as earlier')
        .select(sql.lit(1).as('one'))
        .whereRef('earlier.order_id', '=', 'due.order_id')
        .whereRef('earlier.sequence', '<', 'due.sequence')
        .where('earlier.status', '=', sql.lit('waiting')),
    ),
  );
}

function outcomeColumns(outcome: AttemptOutcome): {
  status: string;
  next_attempt_at: number | null;
  ended_at: number | null;
  last_error: string | null;
} {
  switch (outcome.kind) {
    case 'delivered':
      return { status: 'delivered', next_attempt_at: null, ended_at: outcome.at, last_error: null };
    case 'retry':
      return { status: 'waiting', next_attempt_at: outcome.at, ended_at: null, last_error: outcome.error };
    case 'failed':
      return { status: 'failed', next_attempt_at: null, ended_at: outcome.at, last_error: outcome.error };
  }
}
