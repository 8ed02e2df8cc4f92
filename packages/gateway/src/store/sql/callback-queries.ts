/** The statements of delivery that are run with every attempt, and so built once. */
import { sql, type Kysely, type QueryResult, type SelectQueryBuilder } from 'kysely';
import { hotQuery, hotQueryForEach } from './hot-query.ts';
import type { CallbackRow } from './rows.ts';
import type { SqlContext } from './sql-context.ts';
import type { Tables } from './tables.ts';

type Run<Values, Row = unknown> = (context: SqlContext, values: Values) => Promise<QueryResult<Row>>;
type RunForEach<Values, Row = unknown> = (
  context: SqlContext,
  all: readonly Values[],
) => Promise<{ readonly rows: readonly Row[] }>;

interface Claiming {
  readonly now: number;
  readonly until: number;
  readonly claimant: string;
  readonly endpoint: string;
  readonly limit: number;
}

/** Callbacks with their bodies. */
export const wholeCallbacks = (db: Kysely<Tables>): SelectQueryBuilder<Tables, 'callbacks' | 'callback_bodies', CallbackRow> =>
  db
    .selectFrom('callbacks')
    .innerJoin('callback_bodies', 'callback_bodies.callback_id', 'callbacks.id')
    .selectAll('callbacks')
    .select('callback_bodies.body');

type Claim = Run<Claiming, CallbackRow>;

const claimBy = (order: 'asc' | 'desc', rowLocks: boolean): Claim =>
  hotQuery<Claiming>()((db, { now, until, claimant, endpoint, limit }) => {
    let due = db
      .selectFrom('callbacks as due')
      .select('due.id')
      .where('due.endpoint', '=', endpoint)
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
      .returning(sql<string>`(select body from callback_bodies where callback_id = callbacks.id)`.as('body'));
  });

/** By whether the newest come first, and by whether the database locks rows one by one. */
export const CLAIM: Record<'oldest' | 'newest', Record<'alone' | 'amongOthers', Claim>> = {
  oldest: { alone: claimBy('asc', false), amongOthers: claimBy('asc', true) },
  newest: { alone: claimBy('desc', false), amongOthers: claimBy('desc', true) },
};

/** From one queue to the next by the index, whatever stands in them. */
export const readQueues: Run<object, { endpoint: string | null; due_at: number | string | null }> = hotQuery<object>()((db) =>
  db
    .withRecursive('queues(endpoint)', (cte) =>
      cte
        .selectFrom((eb) =>
          eb
            .selectFrom('callbacks')
            .select('endpoint')
            .where('next_attempt_at', 'is not', null)
            .orderBy('endpoint')
            .limit(1)
            .as('first'),
        )
        .select('first.endpoint')
        .unionAll(
          cte
            .selectFrom('queues')
            .select((eb) =>
              eb
                .selectFrom('callbacks as next')
                .select('next.endpoint')
                .whereRef('next.endpoint', '>', 'queues.endpoint')
                .where('next.next_attempt_at', 'is not', null)
                .orderBy('next.endpoint')
                .limit(1)
                .as('endpoint'),
            )
            .where('queues.endpoint', 'is not', null),
        ),
    )
    .selectFrom('queues')
    .select((eb) => [
      'queues.endpoint',
      eb
        .selectFrom('callbacks as first')
        .select('first.next_attempt_at')
        .whereRef('first.endpoint', '=', 'queues.endpoint')
        .where('first.next_attempt_at', 'is not', null)
        .orderBy('first.next_attempt_at')
        .limit(1)
        .as('due_at'),
    ])
    .where('queues.endpoint', 'is not', null),
);

export const lockOrders: RunForEach<{ readonly id: string }> = hotQueryForEach<{ readonly id: string }>()((db, { id }) =>
  db.selectFrom('orders').select('id').where('id', '=', id).forUpdate(),
);

interface Finishing {
  readonly id: string;
  readonly claimant: string;
  readonly status: string;
  readonly nextAttemptAt: number | null;
  readonly endedAt: number | null;
  readonly lastError: string | null;
}

/** Answers those that it has ended. */
export const finishClaims: RunForEach<Finishing, { id: string }> = hotQueryForEach<Finishing>()(
  (db, { id, claimant, status, nextAttemptAt, endedAt, lastError }) =>
    db
      .updateTable('callbacks')
      .set({ status, next_attempt_at: nextAttemptAt, ended_at: endedAt, last_error: lastError, claimed_by: null })
      .where('id', '=', id)
      .where('claimed_by', '=', claimant)
      .returning('id'),
);

/**
 * The first event of an order that still waits may be claimed. Its place in the queue is by its own age: what has long waited does not
 * become the newest of all, which would come before what is new.
 */
export const releaseNext: RunForEach<{ readonly orderId: string }> = hotQueryForEach<{ readonly orderId: string }>()(
  (db, { orderId }) =>
    db
      .updateTable('callbacks')
      .set({ next_attempt_at: sql<number>`wanted_at` })
      .where('id', '=', (eb) =>
        eb
          .selectFrom('callbacks as next')
          .select('next.id')
          .where('next.order_id', '=', orderId)
          .where('next.status', '=', sql.lit('waiting'))
          .orderBy('next.sequence')
          .limit(1),
      )
      .where('next_attempt_at', 'is', null),
);

interface Attempted {
  readonly id: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: number | null;
  readonly said: string;
}

export const logAttempts: RunForEach<Attempted> = hotQueryForEach<Attempted>()(
  (db, { id, startedAt, durationMs, status, said }) =>
    db
      .insertInto('callback_attempts')
      .values({ callback_id: id, started_at: startedAt, duration_ms: durationMs, http_status: status, said }),
);
