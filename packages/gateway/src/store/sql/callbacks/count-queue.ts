import { sql } from 'kysely';
import type { QueueId } from '../../../callbacks/queue-key.ts';
import type { SqlContext } from '../sql-context.ts';

/** Counts the orders with a pending callback in a queue, up to a bound. */
export async function countQueue({ db }: SqlContext, { posId, endpoint }: QueueId, bound: number): Promise<number> {
  let count = 0;
  // Fresh callbacks and retries have separate indexes.
  for (const operator of ['=', '>'] as const) {
    const row = await db
      .selectFrom((eb) =>
        eb
          .selectFrom('callbacks')
          .select('id')
          .where('pos_id', '=', posId)
          .where('endpoint', '=', endpoint)
          .where('attempts', operator, sql.lit(0))
          .where('next_attempt_at', 'is not', null)
          .limit(bound)
          .as('queue'),
      )
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    count += Number(row.count);
  }
  return Math.min(count, bound);
}
