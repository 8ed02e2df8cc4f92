/**
 * A connection to a SQLite database that caches its prepared statements: preparing one costs as much as running it.
 *
 * Rows are read as arrays and made objects here. The binding would set each property in a call of its own, which takes half as long again.
 */
import { BoundedCache } from '../../../../kernel/bounded-cache.ts';
import type { DatabaseSync } from '@photostructure/sqlite';
import type { QueryResult } from 'kysely';

/** A limit is needed, because statements also differ by the number of ids in them. */
const MAX_PREPARED = 200;

type Database = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<Database['prepare']>;
/** The types that SQLite can bind. */
type Value = null | number | bigint | string | Uint8Array;

type Row = Record<string, unknown>;

interface Prepared {
  readonly statement: Statement;
  /** Of the rows that the statement returns. */
  columns: readonly string[];
}

export class SqliteConnection {
  readonly #database: Database;
  readonly #prepared = new BoundedCache<string, Prepared>({ maxEntries: MAX_PREPARED, evict: 'least_recently_used' });

  constructor(database: Database) {
    this.#database = database;
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(text: string): void {
    this.#prepare(text).statement.run();
  }

  run<R>(text: string, parameters: readonly unknown[]): QueryResult<R> {
    const prepared = this.#prepare(text);
    const values = parameters as Value[];
    if (returnsRows(prepared)) return { rows: readRows(prepared, values) as R[] };
    const { changes, lastInsertRowid } = prepared.statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Runs a statement once for each set of parameters. */
  runEach<R>(text: string, all: readonly (readonly unknown[])[]): QueryResult<R> {
    const prepared = this.#prepare(text);
    const rows: R[] = [];
    let written = 0;
    for (const parameters of all) {
      const values = parameters as Value[];
      if (returnsRows(prepared)) rows.push(...(readRows(prepared, values) as R[]));
      else written += prepared.statement.run(...values).changes;
    }
    return { rows, numAffectedRows: BigInt(written) };
  }

  /** How many rows this connection has changed since it was opened. */
  changedRows(): number {
    const [rows] = this.#prepare('select total_changes()').statement.get() as [number];
    return rows;
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    statement.setReturnArrays(true);
    const prepared = { statement, columns: columnsOf(statement) };
    this.#prepared.set(text, prepared);
    return prepared;
  }
}

/** A statement returns rows if it has columns. */
function returnsRows({ columns }: Prepared): boolean {
  return columns.length > 0;
}

function readRows(prepared: Prepared, values: readonly Value[]): Row[] {
  const arrays = prepared.statement.all(...values) as unknown[][];
  const [first] = arrays;
  // `select *` also returns a column that was added since. One that was renamed is not noticed: migrations do that before anything is served.
  if (first !== undefined && first.length !== prepared.columns.length) prepared.columns = columnsOf(prepared.statement);
  const { columns } = prepared;
  return arrays.map((array) => rowOf(columns, array));
}

function columnsOf(statement: Statement): string[] {
  return statement.columns().map(({ name }) => name);
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Row {
  const row: Row = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index] as string] = values[index];
  return row;
}
