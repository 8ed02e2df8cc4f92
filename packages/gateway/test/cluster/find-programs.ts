/** The programs that a run needs. Without one of them it is skipped with a notice; with CI=true it fails. */
import { findBitcoind } from '../../../../test/support/find-bitcoind.ts';
import { findPgBouncer } from '../../../../test/support/pgbouncer.ts';
import { findPostgresPrograms } from '../../../../test/support/postgres-cluster.ts';
import type { Programs } from './programs.ts';

export async function findPrograms(forTests: string): Promise<Omit<Programs, 'bundle'> | undefined> {
  const postgres = findPostgresPrograms(forTests);
  const pgbouncer = findPgBouncer(forTests);
  const bitcoind = await findBitcoind(forTests);
  if (postgres === undefined || pgbouncer === undefined || bitcoind === undefined) return undefined;
  return { postgres, pgbouncer, bitcoind };
}
