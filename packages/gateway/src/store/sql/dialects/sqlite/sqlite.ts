/**
 * SQLite in this process, with the interface of `node:sqlite`. The package provides it for every supported version of Node and contains
 * the binaries (docs/adr/0001). It uses a write-ahead log, and every commit is on the disk before it is acknowledged.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql, type Dialect } from 'kysely';
import { isBusy, isDiskFull } from '../../../store-down.ts';
import { BUSY_RETRY, retryWhileBusy } from './busy-retry.ts';
import { CheckpointThread, PAGES_PER_CHECKPOINT } from './checkpoint-thread.ts';
import type { SqlDialect } from '../dialect.ts';
import { LogSync, type LogSyncOptions, type OpenFile } from './log-sync.ts';
import { makePrivate } from './make-private.ts';
import { commitsOfOthers } from './sqlite-commits.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteDriver, type SqliteConnections } from './sqlite-driver.ts';

export interface SqliteOptions {
  /** Syncs the disk outside the JavaScript thread, for a process that serves: for commits, and for checkpoints in a thread of their own. */
  readonly serves?: boolean;
  /** Opens the log to sync it. Default: that of `node:fs`. */
  readonly openLog?: OpenFile;
}

/** @param path A file, which is created if it does not exist, or `:memory:`. */
export function sqliteDialect(path: string, { serves = false, openLog }: SqliteOptions = {}): SqlDialect {
  const inFile = path !== ':memory:';
  let writer: Database | undefined;
  let commits: (() => number) | undefined;
  let lose: (text: string) => void = () => {};
  const lost = new Promise<string>((resolve) => (lose = resolve));
  const countCommits = (): number => {
    if (writer === undefined) throw new Error('the database is not open yet');
    commits ??= commitsOfOthers(writer);
    return commits();
  };
  const connect = async (): Promise<SqliteConnections> => {
    const databases = await openBoth(path);
    writer = databases.writer;
    const { log, checkpoints } =
      serves && inFile ? await outsideThread(path, databases, { refused: lose, openFile: openLog }) : NOTHING_OUTSIDE;
    return {
      writer: new SqliteConnection(writer),
      reader: databases.reader && new SqliteConnection(databases.reader),
      checkpoints,
      log,
    };
  };
  return {
    name: 'sqlite',
    kysely: {
      createDriver: () => new SqliteDriver(connect),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createAdapter: () => new TransactionalAdapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    } satisfies Dialect,
    rowLocks: false,
    timeline: sql<string>`''`,
    timeMs: sql<number | string>`cast(unixepoch('subsec') * 1000 as integer)`,
    repeatsQueries: true,
    isUniqueViolation: (error) => error instanceof Error && /UNIQUE constraint failed/.test(error.message),
    schema: async () => undefined,
    watchPos: async () => ({ version: countCommits, close: async () => {} }),
    commitsOfOthers: countCommits,
    lost,
    announcePos: async () => {},
    openNotifications: undefined,
    sharing: undefined,
    prepare: async () => {},
  };
}

type OutsideThread = Pick<SqliteConnections, 'log' | 'checkpoints'>;

const NOTHING_OUTSIDE: OutsideThread = { log: undefined, checkpoints: undefined };

/** Syncs the disk outside this thread from now on. */
async function outsideThread(path: string, { writer, reader }: Databases, options: LogSyncOptions): Promise<OutsideThread> {
  try {
    storeLog(writer);
    const log = await LogSync.open(path, options);
    await log.sync();
    writer.exec('pragma synchronous = normal');
    return {
      log,
      checkpoints: new CheckpointThread({ path, limitLog: (pages) => writer.exec(`pragma wal_autocheckpoint = ${pages}`) }),
    };
  } catch (error) {
    reader?.close();
    writer.close();
    throw error;
  }
}

/**
 * Copies what the log holds into the database. A process that ended before it could sync the log leaves commits there that can be read
 * and are perhaps not on the disk.
 */
function storeLog(writer: Database): void {
  try {
    writer.exec('pragma wal_checkpoint(full)');
  } catch (error) {
    // A command uses the database, or the disk is full. Unless the disk failed, syncing the log is enough.
    if (!isBusy(error) && !isDiskFull(error)) throw error;
  }
}

/** SQLite rolls back changes of tables too. Kysely does not assume so; with this adapter, migrations are atomic. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

async function openBoth(path: string): Promise<Databases> {
  // The log files inherit its permissions.
  if (path !== ':memory:') await makePrivate(path);
  const writer = await open(path);
  // Each connection to `:memory:` would open a database of its own.
  if (path === ':memory:') return { writer, reader: undefined };
  try {
    const reader = await open(path);
    reader.exec('pragma query_only = on');
    return { writer, reader };
  } catch (error) {
    writer.close();
    throw error;
  }
}

async function open(path: string): Promise<Database> {
  // No busy timeout: it would block this thread. Statements that find the database locked are retried (busy-retry.ts).
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    await enableWal(database);
    // What is deleted is overwritten, as far as that writes no other pages.
    database.exec(
      'pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; pragma secure_delete = fast;',
    );
    // More than SQLite's default: orders write to the same pages again and again, and each checkpoint copies a page only once.
    database.exec(`pragma wal_autocheckpoint = ${PAGES_PER_CHECKPOINT}`);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Retried, because two processes that create a database at the same time both switch it to the log. */
async function enableWal(database: Database): Promise<void> {
  await retryWhileBusy(() => database.exec('pragma journal_mode = wal'), BUSY_RETRY.nowMs(), BUSY_RETRY);
}

type Database = InstanceType<typeof DatabaseSync>;

interface Databases {
  readonly writer: Database;
  /** Undefined for a database in memory. */
  readonly reader: Database | undefined;
}
