/** Deletes old rows in pages, so that no transaction takes long, however many rows became old together. */
import { sql } from 'kysely';
import type { EpochMs } from '../../kernel/clock.ts';
import type { SqlContext } from './sql-context.ts';

export interface PrunedTable {
  readonly table: string;
  /** The column with the time of a row. It needs an index. */
  readonly column: string;
}

/** Deletes at most `limit` rows from before a time, the oldest first, and returns whether there may be more. */
export async function pruneRows(
  { db, dialect }: Pick<SqlContext, 'db' | 'dialect'>,
  pruned: PrunedTable,
  { before, limit }: { readonly before: EpochMs; readonly limit: number },
): Promise<boolean> {
  const [table, column] = [sql.table(pruned.table), sql.ref(pruned.column)];
  const row = sql.raw(dialect.name === 'sqlite' ? 'rowid' : 'ctid');
  const oldest = sql`select ${row} from ${table} where ${column} < ${before} order by ${column} limit ${limit}`;
  // PostgreSQL goes straight to the rows of an array.
  const which = dialect.name === 'sqlite' ? sql`in (${oldest})` : sql`= any(array(${oldest}))`;
  const { numAffectedRows = 0n } = await sql`delete from ${table} where ${row} ${which}`.execute(db);
  return Number(numAffectedRows) === limit;
}
