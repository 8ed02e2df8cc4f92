/** One connection to a SQLite database, with the statements that it has prepared: preparing one costs as much as running it. */
import { BoundedCache } from '../../../kernel/bounded-cache.ts';
import type { DatabaseSync } from '@photostructure/sqlite';
import type { QueryResult } from 'kysely';

/** Statements differ by how many ids they name too, so there is no end of them. */
const STATEMENTS_KEPT = 200;

type Database = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<Database['prepare']>;
/** What SQLite can bind. */
type Value = null | number | bigint | string | Uint8Array;

interface Prepared {
  readonly statement: Statement;
  readonly answersRows: boolean;
}

export class SqliteConnection {
  readonly #database: Database;
  readonly #prepared = new BoundedCache<string, Prepared>({ maxEntries: STATEMENTS_KEPT, evict: 'least_recently_used' });

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
    const { statement, answersRows } = this.#prepare(text);
    const values = parameters as Value[];
    if (answersRows) return { rows: statement.all(...values) as R[] };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Runs a statement once for each set of parameters. */
  runEach<R>(text: string, all: readonly (readonly unknown[])[]): QueryResult<R> {
    const { statement, answersRows } = this.#prepare(text);
    const rows: R[] = [];
    let written = 0;
    for (const parameters of all) {
      const values = parameters as Value[];
      if (answersRows) rows.push(...(statement.all(...values) as R[]));
      else written += statement.run(...values).changes;
    }
    return { rows, numAffectedRows: BigInt(written) };
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    // `node:sqlite` tells by its columns whether a statement answers rows.
    const prepared = { statement, answersRows: statement.columns().length > 0 };
    this.#prepared.set(text, prepared);
    return prepared;
  }
}
