/**
 * SQLite in this process, through the interface of `node:sqlite` (the package brings it to every Node that we support,
 * with binaries inside: see docs/adr/0001). WAL, and every commit on the disk before it is acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { sql, SqliteAdapter, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import type { SqlDialect } from './dialect.ts';

/** @param path A file, made when it is missing, or `:memory:`. */
export function sqliteDialect(path: string): SqlDialect {
  return {
    name: 'sqlite',
    kysely: new TransactionalSqlite({ database: () => open(path) }),
    rowLocks: false,
    isUniqueViolation: (error) => error instanceof Error && /UNIQUE constraint failed/.test(error.message),
    schema: async () => undefined,
    prepare: async (db) => {
      await sql`pragma foreign_keys = on`.execute(db);
    },
  };
}

/** SQLite takes back tables as it does rows, which Kysely does not reckon with: a migration is then whole or not at all. */
class TransactionalSqlite extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

async function open(path: string): Promise<SqliteDatabase> {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    await useWriteAheadLog(database);
    database.exec('pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    close: () => database.close(),
    // A transaction that reads first and writes later would fail whenever another process has written meanwhile; one that
    // takes the writer's place at once waits for its turn instead.
    prepare: (text) => adapt(database, text === 'begin' ? 'begin immediate' : text),
  };
}

/** Two processes that make a database at once both switch it to the log, and for that alone SQLite does not wait by itself. */
async function useWriteAheadLog(database: Connection): Promise<void> {
  for (let triesLeft = 250; ; triesLeft -= 1) {
    try {
      return database.exec('pragma journal_mode = wal');
    } catch (error) {
      if (triesLeft === 0 || !(error instanceof Error && error.message.includes('database is locked'))) throw error;
      await sleep(20);
    }
  }
}

type Connection = InstanceType<typeof DatabaseSync>;
/** What SQLite can bind. */
type Value = null | number | bigint | string | Uint8Array;

/** Kysely asks whether a statement answers rows, which `node:sqlite` tells by its columns. */
function adapt(database: Connection, text: string): SqliteStatement {
  const statement = database.prepare(text);
  const bind = (parameters: readonly unknown[]): Value[] => parameters as Value[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters): unknown[] => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters): IterableIterator<unknown> => statement.iterate(...bind(parameters)),
  };
}
