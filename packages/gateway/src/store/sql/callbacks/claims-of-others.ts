import { sql } from 'kysely';
import type { PosId } from '../../../kernel/ids.ts';
import type { CallbackStore, ClaimsOfOthers } from '../../ports/callback-store.ts';
import { hotQuery } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';

/** Tells these locks from other advisory locks in the database. */
const LOCKS = 7_266;
/** A process that is suspended while it holds locks loses them after this time, so that it stops no other. */
const MAX_PAUSE_MS = 5_000;

interface LockRow {
  readonly endpoint: string;
  readonly locked: boolean;
}

/** Locks of transactions work behind every pooler. They are only tried: a transaction never waits for a process that is suspended. */
const lockEndpoints = hotQuery<{ readonly endpoints: readonly string[] }>()((db, { endpoints }) => {
  const query = sql<LockRow>`select endpoint, pg_try_advisory_xact_lock(hashtextextended(endpoint, ${sql.lit(LOCKS)})) as locked,
    set_config('idle_in_transaction_session_timeout', ${sql.lit(String(MAX_PAUSE_MS))}, true)
    from unnest(${endpoints}::text[]) as endpoint`;
  return { compile: () => query.compile(db) };
});

interface Counting {
  readonly endpoints: readonly string[];
  readonly claimant: string;
  readonly now: number;
}

const countClaims = hotQuery<Counting>()((db, { endpoints, claimant, now }) =>
  db
    .selectFrom('callbacks')
    .select((eb) => ['pos_id', 'endpoint', eb.fn.countAll<number | string>().as('claims')])
    .where('endpoint', '=', sql<string>`any(${endpoints}::text[])`)
    .where('claimed_by', 'is not', null)
    .where('claimed_by', '<>', claimant)
    .where('next_attempt_at', '>', now)
    .groupBy(['pos_id', 'endpoint']),
);

/** Keeps other processes from claiming for some endpoints until the transaction ends, and counts what they have claimed. */
export async function claimsOfOthers(
  context: SqlContext,
  { endpoints, claimant, now }: Parameters<CallbackStore['claimsOfOthers']>[0],
): Promise<ClaimsOfOthers> {
  if (!context.dialect.rowLocks) return { endpoints: new Set(endpoints), claims: [] };
  const locks = await lockEndpoints(context, { endpoints });
  const locked = new Set(locks.rows.filter((row) => row.locked).map(({ endpoint }) => endpoint));
  // A statement of its own, because one sees only what was committed when it began.
  const { rows } = await countClaims(context, { endpoints: [...locked], claimant, now });
  const claims = rows.map(({ pos_id: posId, endpoint, claims: count }) => ({
    posId: posId as PosId,
    endpoint: endpoint ?? '',
    claims: Number(count),
  }));
  return { endpoints: locked, claims };
}
