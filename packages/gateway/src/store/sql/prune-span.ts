/** Deletes old rows in steps, one span of time per call, so that no single statement takes long. */
import { sql } from 'kysely';
import type { EpochMs } from '../../kernel/clock.ts';
import type { SqlContext } from './sql-context.ts';

export interface PrunedTable {
  readonly table: string;
  /** The column with the time of a row. */
  readonly column: string;
  /** How much time one step covers. */
  readonly spanMs: number;
}

/** Deletes the oldest span of rows from before a time, and returns whether there are more. */
export async function pruneSpan({ db }: Pick<SqlContext, 'db'>, pruned: PrunedTable, before: EpochMs): Promise<boolean> {
  const [table, column] = [sql.table(pruned.table), sql.ref(pruned.column)];
  const { rows } = await sql<{ oldest: number | string | null }>`select min(${column}) as oldest from ${table}`.execute(db);
  const oldest = rows[0]?.oldest ?? null;
  if (oldest === null || Number(oldest) >= before) return false;
  const until = Math.min(before, Number(oldest) + pruned.spanMs);
  await sql`delete from ${table} where ${column} < ${until}`.execute(db);
  return until < before;
}
