/** A connection to a SQLite database that caches its prepared statements: preparing one costs as much as running it. */
import { BoundedCache } from '../../../../kernel/bounded-cache.ts';
import type { DatabaseSync } from '@photostructure/sqlite';
import type { QueryResult } from 'kysely';

/** A limit is needed, because statements also differ by the number of ids in them. */
const MAX_PREPARED = 200;

type Database = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<Database['prepare']>;
/** The types that SQLite can bind. */
type Value = null | number | bigint | string | Uint8Array;

interface Prepared {
  readonly statement: Statement;
  readonly returnsRows: boolean;
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
    const { statement, returnsRows } = this.#prepare(text);
    const values = parameters as Value[];
    if (returnsRows) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Runs a statement once for each set of parameters. */
  runEach<R>(text: string, all: readonly (readonly unknown[])[]): QueryResult<R> {
    const { statement, returnsRows } = this.#prepare(text);
    const rows: R[] = [];
    let written = 0;
    for (const parameters of all) {
      const values = parameters as Value[];
      if (returnsRows) rows.push(...(statement.all(...values) as R[]));
      else written += statement.run(...values).changes;
    }
    return { rows, numAffectedRows: BigInt(written) };
  }

  /** How many rows this connection has changed since it was opened. */
  changedRows(): number {
    return (this.#prepare('select total_changes() as rows').statement.get() as { rows: number }).rows;
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    // A statement returns rows if it has columns.
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#prepared.set(text, prepared);
    return prepared;
  }
}
