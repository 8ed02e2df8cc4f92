/**
 * SQLite in this process, with the interface of `node:sqlite`. The package provides it for every supported version of Node and contains
 * the binaries (docs/adr/0001). It uses a write-ahead log, and every commit is on the disk before it is acknowledged.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql, type Dialect } from 'kysely';
import { BUSY_RETRY, retryWhileBusy } from './busy-retry.ts';
import { CheckpointThread, PAGES_PER_CHECKPOINT } from './checkpoint-thread.ts';
import type { SqlDialect } from '../dialect.ts';
import { makePrivate } from './make-private.ts';
import { commitsOfOthers } from './sqlite-commits.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteDriver, type SqliteConnections } from './sqlite-driver.ts';

export interface SqliteOptions {
  /** Makes checkpoints in a thread of its own, for a process that writes much and runs long. */
  readonly checkpointThread?: boolean;
}

/** @param path A file, which is created if it does not exist, or `:memory:`. */
export function sqliteDialect(path: string, { checkpointThread = false }: SqliteOptions = {}): SqlDialect {
  let writer: Database | undefined;
  let commits: (() => number) | undefined;
  const countCommits = (): number => {
    if (writer === undefined) throw new Error('the database is not open yet');
    commits ??= commitsOfOthers(writer);
    return commits();
  };
  const connect = async (): Promise<SqliteConnections> => {
    const databases = await openBoth(path);
    writer = databases.writer;
    return {
      writer: new SqliteConnection(writer),
      reader: databases.reader && new SqliteConnection(databases.reader),
      checkpoints: checkpointThread && path !== ':memory:' ? threadOf(path, databases.writer) : undefined,
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
    announcePos: async () => {},
    openNotifications: undefined,
    sharing: undefined,
    prepare: async () => {},
  };
}

function threadOf(path: string, writer: Database): CheckpointThread {
  return new CheckpointThread({ path, limitLog: (pages) => writer.exec(`pragma wal_autocheckpoint = ${pages}`) });
}

/** SQLite rolls back changes of tables too. Kysely does not assume so; with this adapter, migrations are atomic. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

async function openBoth(path: string): Promise<{ writer: Database; reader: Database | undefined }> {
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
