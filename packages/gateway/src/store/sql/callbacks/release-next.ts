import { sql } from 'kysely';
import { hotQueryForEach, type RunForEach } from '../hot-query.ts';

/**
 * Makes the first pending event of an order claimable. It is queued by its own age: if it became due now, an old event would count as
 * the newest of all and be sent before newer ones.
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
