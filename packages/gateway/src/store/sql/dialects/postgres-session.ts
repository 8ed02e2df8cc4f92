/**
 * One connection to PostgreSQL, as Kysely uses it: for one transaction, or for single statements.
 *
 * A commit that PostgreSQL answers with success may still have failed for its caller: when a transaction had been aborted, or when it has
 * not reached the replicas that it should have waited for. Both are errors here.
 *
 * Statements with a name are parsed once per connection ({@link StatementNames} says when that is safe). A repeated statement is sent for
 * all its sets of values before the first answer arrives.
 */
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type pg from 'pg';
import { isNamed } from './named-query.ts';
import { enterStep, type Step } from '../../../kernel/thread/steps.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { isRepeated } from './repeated-query.ts';
import type { StatementNames } from './statement-names.ts';

/**
 * How often a connection plans its statements anew. PostgreSQL keeps the plans of named statements and of its checks of foreign keys, and
 * a plan from when a table was empty reads all of it, until the table is analyzed a minute later.
 */
const PLANS_KEPT_MS = 5_000;

/** Commands whose results count rows. */
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export interface PostgresSessionOptions {
  readonly client: pg.Client;
  readonly pool: Pick<PostgresPool, 'release' | 'failed' | 'doubt'>;
  readonly names: StatementNames;
}

export class PostgresSession implements DatabaseConnection {
  readonly #client: pg.Client;
  readonly #pool: PostgresSessionOptions['pool'];
  readonly #names: StatementNames;
  #inTransaction = false;
  #isSpoilt = false;
  #step: Step | undefined;
  #plannedAtMs = performance.now();

  constructor({ client, pool, names }: PostgresSessionOptions) {
    this.#client = client;
    this.#pool = pool;
    this.#names = names;
  }

  /** Begins a use of the connection. @param step What continues whenever a wait for the database ends. */
  begin(step: Step | undefined): void {
    this.#step = step;
    enterStep(step);
    const nowMs = performance.now();
    if (nowMs - this.#plannedAtMs < PLANS_KEPT_MS) return;
    this.#plannedAtMs = nowMs;
    // Not awaited: it is sent before the next statement. If the connection is broken, that fails too.
    this.#client.query('discard plans').catch(() => {});
  }

  /** Closes the connection when it is released: the state that it is in is unknown, and the server rolls back what is open. */
  spoil(): void {
    this.#isSpoilt = true;
  }

  release(): void {
    this.#pool.release(this.#client, this.#isSpoilt);
  }

  async command(text: 'begin' | 'commit' | 'rollback'): Promise<void> {
    if (text !== 'begin') this.#inTransaction = false;
    const { command } = await this.#query({ text });
    if (text === 'commit') this.#pool.doubt.refuse();
    if (text === 'commit' && command !== 'COMMIT')
      throw new Error('the transaction was rolled back, because one of its statements had failed');
    if (text === 'begin') this.#inTransaction = true;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (isRepeated(query)) return this.#runEach(query, query.repeats);
    return this.#run(query, query.parameters);
  }

  streamQuery(): never {
    throw new Error('streaming is not supported: read page by page');
  }

  async #run<R>(query: CompiledQuery, parameters: readonly unknown[]): Promise<QueryResult<R>> {
    try {
      return resultOf(await this.#send(query, parameters));
    } catch (error) {
      // Nothing was executed. A transaction has been aborted all the same, and only its owner can repeat it.
      if (!this.#names.isLost(error) || this.#inTransaction) throw error;
      return resultOf(await this.#send(query, parameters));
    }
  }

  /** Runs a statement once for each set of values. Outside a transaction, those before a fault may have been executed. */
  async #runEach<R>(query: CompiledQuery, all: readonly (readonly unknown[])[]): Promise<QueryResult<R>> {
    const sent = await Promise.allSettled(all.map((parameters) => this.#send(query, parameters)));
    const results = sent.map((one): QueryResult<R> => {
      if (one.status === 'fulfilled') return resultOf(one.value);
      this.#names.isLost(one.reason);
      throw one.reason;
    });
    const written = results.reduce((sum, { numAffectedRows = 0n }) => sum + numAffectedRows, 0n);
    return { rows: results.flatMap(({ rows }) => rows), numAffectedRows: written };
  }

  async #send(query: CompiledQuery, values: readonly unknown[]): Promise<pg.QueryResult> {
    const config: pg.QueryConfig = { text: query.sql, values: [...values] };
    if (isNamed(query) && this.#names.areUsable) config.name = query.name;
    const result = await this.#query(config);
    // Outside a transaction, every statement is committed.
    if (!this.#inTransaction) this.#pool.doubt.refuse();
    return result;
  }

  async #query(config: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await this.#client.query(config);
    } catch (error) {
      this.#pool.failed(error);
      throw error;
    } finally {
      enterStep(this.#step);
    }
  }
}

function resultOf<R>({ command, rowCount, ...result }: pg.QueryResult): QueryResult<R> {
  const rows = result.rows as R[];
  return WRITES.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
}
