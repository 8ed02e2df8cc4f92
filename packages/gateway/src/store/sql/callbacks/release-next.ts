import { sql } from 'kysely';
import { hotQueryForEach, type RunForEach } from '../hot-query.ts';

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
