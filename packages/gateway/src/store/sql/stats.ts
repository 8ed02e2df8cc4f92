/**
 * Counts for the metrics. Only rows in naturally small indexes are counted, and those only up to a bound, so counting is fast however
 * many orders there are.
 */
import { sql, type Kysely } from 'kysely';
import { epochMs } from '../../kernel/clock.ts';
import { sats } from '../../kernel/sats.ts';
import type { StoreStats } from '../ports/store-stats.ts';
import type { Tables } from './tables.ts';

export async function readStats(db: Kysely<Tables>, bound: number): Promise<StoreStats> {
  const open = await db
    .selectFrom((eb) =>
      eb.selectFrom('orders').select('blockchain_status').where('deadline_at', 'is not', null).limit(bound).as('open'),
    )
    .select((eb) => ['blockchain_status', eb.fn.countAll().as('count')])
    .groupBy('blockchain_status')
    .execute();
  const waiting = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('callbacks')
        .select('wanted_at')
        .where('status', '=', sql.lit('waiting'))
        .orderBy('wanted_at')
        .limit(bound)
        .as('waiting'),
    )
    .select((eb) => [eb.fn.countAll().as('count'), eb.fn.min('wanted_at').as('oldest')])
    .executeTakeFirstOrThrow();
  const missing = await db
    .selectFrom((eb) =>
      eb.selectFrom('payments').select('txid').where('place', '=', sql.lit('missing')).limit(bound).as('missing'),
    )
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  const failed = await db
    .selectFrom((eb) => eb.selectFrom('callbacks').select('id').where('status', '=', sql.lit('failed')).limit(bound).as('failed'))
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  const unassigned = await db
    .selectFrom('unassigned_payments')
    .select((eb) => [eb.fn.countAll().as('payments'), eb.fn.sum('amount_sats').as('amount')])
    .where('acknowledged_at', 'is', null)
    .where('place', '<>', 'gone')
    .executeTakeFirstOrThrow();
  const enabled = await db.selectFrom('pos').select('currency').where('active', '=', 1).distinct().orderBy('currency').execute();
  return {
    openOrders: new Map(open.map(({ blockchain_status: status, count }) => [status, Number(count)])),
    waitingCallbacks: Number(waiting.count),
    oldestWaitingAt: waiting.oldest == null ? undefined : epochMs(Number(waiting.oldest)),
    missingPayments: Number(missing.count),
    failedCallbacks: Number(failed.count),
    unassigned: { payments: Number(unassigned.payments), amount: sats(BigInt(unassigned.amount ?? 0)) },
    currencies: enabled.map(({ currency }) => currency),
  };
}
