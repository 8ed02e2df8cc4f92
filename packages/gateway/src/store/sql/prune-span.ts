/** Forgets what is old, a span of time with each call, so that no one statement takes long. */
import { sql } from 'kysely';
import type { EpochMs } from '../../kernel/clock.ts';
import type { SqlContext } from './sql-context.ts';

export interface Aged {
  readonly table: string;
  /** When a row is from. */
  readonly column: string;
  /** In milliseconds. */
  readonly span: number;
}

/** Answers whether there is more to forget. */
export async function pruneSpan({ db }: Pick<SqlContext, 'db'>, aged: Aged, before: EpochMs): Promise<boolean> {
  const [table, column] = [sql.table(aged.table), sql.ref(aged.column)];
  const { rows } = await sql<{ oldest: number | string | null }>`select min(${column}) as oldest from ${table}`.execute(db);
  const oldest = rows[0]?.oldest ?? null;
  if (oldest === null || Number(oldest) >= before) return false;
  const until = Math.min(before, Number(oldest) + aged.span);
  await sql`delete from ${table} where ${column} < ${until}`.execute(db);
  return until < before;
}
