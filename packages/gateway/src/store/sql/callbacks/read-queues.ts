import { sql, type RawBuilder } from 'kysely';
import { queueKey, type QueueKey } from '../../../callbacks/queue-key.ts';
import { epochMs } from '../../../kernel/clock.ts';
import type { PosId } from '../../../kernel/ids.ts';
import type { CallbackQueue } from '../../ports/callback-store.ts';
import { hotQuery } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import { ATTEMPTS_COMPARE, type Kind } from './queue-kinds.ts';

interface QueueRow {
  readonly kind: Kind;
  readonly pos_id: string;
  readonly endpoint: string;
  readonly due_at: number | string;
}

/**
 * Walks along the index from the first callback of one queue to the first of the next, however many callbacks are in each. Both kinds
 * are read in one statement, so a callback that changes its kind meanwhile is not missed. The walk covers one table, rather than POS and
 * then endpoints: PostgreSQL would consider that a large query and compile it for longer than it runs.
 */
const firstsOfQueues = hotQuery<object>()((db) => {
  const query = sql<QueueRow>`with recursive ${walk('fresh')}, ${walk('retries')} ${found('fresh')} union all ${found('retries')}`;
  return { compile: () => query.compile(db) };
});

function walk(kind: Kind): RawBuilder<unknown> {
  const firsts = sql.raw(kind);
  const first = (where: string): RawBuilder<unknown> =>
    sql.raw(`(select w.id from callbacks as w
      where w.attempts ${ATTEMPTS_COMPARE[kind]} 0 and w.next_attempt_at is not null ${where}
      order by w.pos_id, w.endpoint, w.next_attempt_at limit 1)`);
  return sql`
    ${firsts}(id) as (
      select ${first('')}
      union all
      select coalesce(
        ${first('and w.pos_id = before.pos_id and w.endpoint > before.endpoint')},
        ${first('and w.pos_id > before.pos_id')})
      from ${firsts} join callbacks as before on before.id = ${firsts}.id
    )`;
}

function found(kind: Kind): RawBuilder<unknown> {
  const firsts = sql.raw(kind);
  const column = (name: string): RawBuilder<unknown> => sql.raw(`(select c.${name} from callbacks as c where c.id = ${kind}.id)`);
  return sql`
    select ${sql.lit(kind)} as kind, ${column('pos_id')} as pos_id, ${column('endpoint')} as endpoint,
      ${column('next_attempt_at')} as due_at
    from ${firsts} where ${firsts}.id is not null`;
}

/** Reads the queues with pending callbacks and when the first of each may be claimed, sorted by POS and endpoint. */
export async function readQueues(context: SqlContext): Promise<CallbackQueue[]> {
  const queues = new Map<QueueKey, CallbackQueue>();
  for (const { kind, pos_id: posId, endpoint, due_at: dueAt } of (await firstsOfQueues(context, {})).rows) {
    const queue = { posId: posId as PosId, endpoint };
    const known = queues.get(queueKey(queue)) ?? { ...queue, freshAt: undefined, retryAt: undefined };
    queues.set(queueKey(queue), { ...known, [kind === 'fresh' ? 'freshAt' : 'retryAt']: epochMs(Number(dueAt)) });
  }
  return [...queues].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, queue]) => queue);
}
