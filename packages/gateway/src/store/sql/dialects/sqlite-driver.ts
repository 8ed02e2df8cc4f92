/**
 * How Kysely works on SQLite here. What writes takes its turn on one connection and shares commits with others
 * ({@link GroupCommit}); what only reads does so on another connection, at once, and sees what has been committed. A database
 * in memory has one connection alone: there, whoever reads takes its turn too.
 */
import { SelectQueryNode, type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { GroupCommit } from './group-commit.ts';
import { isRepeated } from './repeated-query.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

export interface SqliteConnections {
  readonly writer: SqliteConnection;
  readonly reader: SqliteConnection | undefined;
}

export class SqliteDriver implements Driver {
  readonly #open: () => Promise<SqliteConnections>;
  #connections: SqliteConnections | undefined;
  #group: GroupCommit | undefined;

  constructor(open: () => Promise<SqliteConnections>) {
    this.#open = open;
  }

  async init(): Promise<void> {
    this.#connections = await this.#open();
    this.#group = new GroupCommit(this.#connections.writer);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#connections === undefined || this.#group === undefined) throw new Error('the database is closed');
    return new Session(this.#connections, this.#group);
  }

  async beginTransaction(connection: Session): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: Session): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: Session): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#group?.flush();
    this.#connections?.reader?.close();
    this.#connections?.writer.close();
    this.#connections = undefined;
  }
}

/** What Kysely takes for a connection: one transaction, or statements that stand each for itself. */
class Session implements DatabaseConnection {
  readonly #connections: SqliteConnections;
  readonly #group: GroupCommit;
  #inTransaction = false;

  constructor(connections: SqliteConnections, group: GroupCommit) {
    this.#connections = connections;
    this.#group = group;
  }

  async begin(): Promise<void> {
    await this.#group.enter();
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    this.#inTransaction = false;
    await this.#group.keep();
  }

  async rollback(): Promise<void> {
    this.#inTransaction = false;
    await this.#group.undo();
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, reader } = this.#connections;
    if (this.#inTransaction) return runOn(writer, query);
    if (reader !== undefined && SelectQueryNode.is(query.query)) return runOn(reader, query);
    await this.#group.enter();
    let result: QueryResult<R>;
    try {
      result = runOn(writer, query);
    } catch (error) {
      await this.#group.undo();
      throw error;
    }
    await this.#group.keep();
    return result;
  }

  streamQuery(): never {
    throw new Error('rows are read page by page, not streamed');
  }
}

function runOn<R>(connection: SqliteConnection, query: CompiledQuery): QueryResult<R> {
  return isRepeated(query) ? connection.runEach(query.sql, query.repeats) : connection.run(query.sql, query.parameters);
}
