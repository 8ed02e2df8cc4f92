/**
 * Kysely's driver for SQLite. Writes take turns on one connection and share commits ({@link GroupCommit}). Reads run at once on a
 * second connection and see what has been committed; they resolve when that is on the disk. A database in memory has only one connection,
 * where reads take turns too.
 *
 * After some milliseconds, the next statement waits for the next turn of the event loop, so that neither a large transaction nor many
 * reads hold the JavaScript thread.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RawNode, SelectQueryNode, type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { currentStep, enterStep, type Step } from '../../../../kernel/thread/steps.ts';
import { isTurnLong, nextTurn, TurnShare } from '../../../../kernel/thread/turns.ts';
import { isBusy, StoreDownError } from '../../../store-down.ts';
import { BUSY_RETRY, retryWhileBusy } from './busy-retry.ts';
import type { CheckpointThread } from './checkpoint-thread.ts';
import { GroupCommit } from './group-commit.ts';
import { isRepeated } from '../repeated-query.ts';
import type { LogSync } from './log-sync.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { waitForDisk } from './wait-for-disk.ts';

/** How long the transactions under way have to end when the database is closed. */
const END_TIMEOUT_MS = 1_000;

export interface SqliteConnections {
  readonly writer: SqliteConnection;
  readonly reader: SqliteConnection | undefined;
  /** Undefined if the writer makes all checkpoints. */
  readonly checkpoints: CheckpointThread | undefined;
  /** Undefined if commits sync the log. */
  readonly log: LogSync | undefined;
}

export class SqliteDriver implements Driver {
  readonly #open: () => Promise<SqliteConnections>;
  readonly #writerShare = new TurnShare();
  #connections: SqliteConnections | undefined;
  #group: GroupCommit | undefined;

  constructor(open: () => Promise<SqliteConnections>) {
    this.#open = open;
  }

  async init(): Promise<void> {
    const { writer, reader, checkpoints, log } = (this.#connections = await this.#open());
    this.#group = new GroupCommit(writer, {
      sync: log && (() => log.sync()),
      pause: checkpoints && (() => checkpoints.pause),
      committed: checkpoints && (() => checkpoints.committed(writer.changedRows())),
      isShared: reader !== undefined,
    });
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#connections === undefined || this.#group === undefined) throw new Error('the database is closed');
    return new Session(this.#connections, this.#group, this.#writerShare);
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
    const connections = this.#connections;
    this.#connections = undefined;
    if (connections === undefined || this.#group === undefined) return;
    await this.#endGroup(this.#group);
    await connections.checkpoints?.close();
    await connections.log?.close();
    connections.reader?.close();
    connections.writer.close();
  }

  /** A transaction spans turns of the event loop, so one may be under way. */
  async #endGroup(group: GroupCommit): Promise<void> {
    const waiting = new AbortController();
    const timeout = sleep(END_TIMEOUT_MS, undefined, { signal: waiting.signal });
    await Promise.race([group.end(), timeout]).catch(() => {});
    waiting.abort();
    await timeout.catch(() => {});
  }
}

/** A Kysely connection: one transaction, or single statements. */
class Session implements DatabaseConnection {
  readonly #connections: SqliteConnections;
  readonly #group: GroupCommit;
  readonly #writerShare: TurnShare;
  /** What continues when a wait for the database ends. */
  readonly #step: Step | undefined = currentStep();
  #transaction: 'none' | 'open' | 'ended' = 'none';

  constructor(connections: SqliteConnections, group: GroupCommit, writerShare: TurnShare) {
    this.#connections = connections;
    this.#group = group;
    this.#writerShare = writerShare;
  }

  async begin(): Promise<void> {
    await this.#group.enter(this.#step?.isUrgent);
    enterStep(this.#step);
    this.#transaction = 'open';
  }

  async commit(): Promise<void> {
    this.#transaction = 'ended';
    await this.#group.commit();
    enterStep(this.#step);
  }

  async rollback(): Promise<void> {
    // Kysely also calls this after a commit that failed. Its task has ended then, and another may be running.
    if (this.#transaction === 'ended') return;
    this.#transaction = 'ended';
    await this.#group.rollBack();
    enterStep(this.#step);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // All that writes waits for the transaction, so it does not wait for turns that others have made long.
    if (this.#transaction === 'open') {
      if (this.#writerShare.isSpent()) await nextTurn(true);
    } else if (isTurnLong()) await nextTurn();
    const { writer, reader } = this.#connections;
    if (this.#transaction === 'open') {
      // A full disk rolls back the whole transaction, and the statement would be stored on its own.
      if (!writer.isTransaction) throw new StoreDownError('SQLite has rolled back the transaction because of a fault');
      return runOn(writer, query);
    }
    // A statement that nobody has awaited must not take effect on its own, perhaps after a rollback.
    if (this.#transaction === 'ended') throw new Error('the transaction has ended');
    if (reader !== undefined && onlyReads(query)) return this.#read(reader, query);
    await this.#group.enter(this.#step?.isUrgent);
    enterStep(this.#step);
    let result: QueryResult<R>;
    try {
      result = runOn(writer, query);
    } catch (error) {
      await this.#group.rollBack();
      throw error;
    }
    await this.#group.commit();
    enterStep(this.#step);
    return result;
  }

  async #read<R>(reader: SqliteConnection, query: CompiledQuery): Promise<QueryResult<R>> {
    const result = read<R>(reader, query);
    const rows = result instanceof Promise ? await result : result;
    const { unsynced } = this.#group;
    if (unsynced !== undefined) {
      await waitForDisk(unsynced, BUSY_RETRY.giveUpAfterMs);
      enterStep(this.#step);
    }
    return rows;
  }

  streamQuery(): never {
    throw new Error('streaming is not supported: read page by page');
  }
}

/**
 * Whether a statement only reads. Raw SQL is judged by its keywords: a read that is taken for a write would needlessly wait for its turn
 * and a commit, and a write that is taken for a read would be refused by the read-only connection.
 */
function onlyReads({ query, sql }: CompiledQuery): boolean {
  return SelectQueryNode.is(query) || (RawNode.is(query) && READS.test(sql) && !WRITES.test(sql));
}

const READS = /^\s*(?:select|with)\b/i;
const WRITES = /\b(?:insert|update|delete|replace)\b/i;

/** Reads, with retries: writers do not block readers, but a process that recovers the log or locks the whole database does. */
function read<R>(reader: SqliteConnection, query: CompiledQuery): QueryResult<R> | Promise<QueryResult<R>> {
  try {
    return runOn<R>(reader, query);
  } catch (error) {
    if (!isBusy(error)) throw error;
    return retryWhileBusy(() => runOn<R>(reader, query), BUSY_RETRY.nowMs(), BUSY_RETRY);
  }
}

function runOn<R>(connection: SqliteConnection, query: CompiledQuery): QueryResult<R> {
  return isRepeated(query) ? connection.runEach(query.sql, query.repeats) : connection.run(query.sql, query.parameters);
}
