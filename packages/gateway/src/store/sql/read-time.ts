import { sql } from 'kysely';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { SqlContext } from './sql-context.ts';

/** Reads the time by the clock of the database. */
export async function readTime({ db, dialect }: Pick<SqlContext, 'db' | 'dialect'>): Promise<EpochMs> {
  const { rows } = await sql<{ readonly time: number | string }>`select ${dialect.timeMs} as time`.execute(db);
  return epochMs(Number(rows[0]?.time));
}
