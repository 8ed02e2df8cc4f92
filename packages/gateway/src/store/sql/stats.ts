/**
 * Counts for the metrics. Orders are counted already, by status. Of other rows, only those in naturally small indexes are counted, and
 * those only up to a bound, so counting is fast however many there are.
 */
import type { BlockchainStatus } from '@webpos/sdk/wire';
import { sql, type Kysely } from 'kysely';
import { epochMs } from '../../kernel/clock.ts';
import { sats } from '../../kernel/sats.ts';
import type { StoreStats } from '../ports/store-stats.ts';
import type { Tables } from './tables.ts';

/** Orders with these have no deadline. */
const FINAL_STATUSES: readonly BlockchainStatus[] = ['paid', 'cancelled', 'expired', 'chargeback'];

export async function readStats(db: Kysely<Tables>, bound: number): Promise<StoreStats> {
  const open = await db
    .selectFrom('order_counts')
    .select((eb) => ['blockchain_status', eb.fn.sum<number | string>('orders').as('count')])
    .where('blockchain_status', 'not in', [...FINAL_STATUSES])
    .where('orders', '>', 0)
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
    .selectFrom((eb) =>
      eb.selectFrom('callbacks').select('created_at').where('status', '=', sql.lit('failed')).limit(bound).as('failed'),
    )
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  const unassigned = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('unassigned_payments')
        .select('amount_sats')
        .where('acknowledged_at', 'is', null)
        .where('place', '<>', 'gone')
        .orderBy('first_seen_at')
        .limit(bound)
        .as('open'),
    )
    .select((eb) => [eb.fn.countAll().as('payments'), eb.fn.sum('amount_sats').as('amount')])
    .executeTakeFirstOrThrow();
  const enabled = await db.selectFrom('pos').select('currency').where('active', '=', 1).distinct().orderBy('currency').execute();
  return {
    openOrders: new Map(open.map(({ blockchain_status: status, count }) => [status, Number(count)])),
    waitingCallbacks: Number(waiting.count),
    oldestWaitingAt: waiting.oldest == null ? undefined : epochMs(Number(waiting.oldest)),
    missingPayments: Number(missing.count),
    failedCallbacks: Number(failed.count),
    messages: { waiting: await countMessages(db, 'waiting', bound), failed: await countMessages(db, 'failed', bound) },
    unassigned: { payments: Number(unassigned.payments), amount: sats(BigInt(unassigned.amount ?? 0)) },
    currencies: enabled.map(({ currency }) => currency),
  };
}

async function countMessages(db: Kysely<Tables>, status: string, bound: number): Promise<number> {
  const { count } = await db
    .selectFrom((eb) => eb.selectFrom('messages').select('id').where('status', '=', status).limit(bound).as('some'))
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
