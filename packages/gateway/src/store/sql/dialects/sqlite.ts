/**
 * SQLite in this process, through the interface of `node:sqlite` (the package brings it to every Node that we support,
 * with binaries inside: see docs/adr/0001). WAL, and every commit on the disk before it is acknowledged.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { sql, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import type { SqlDialect } from './dialect.ts';

/** @param path A file, made when it is missing, or `:memory:`. */
export function sqliteDialect(path: string): SqlDialect {
  return {
    name: 'sqlite',
    kysely: new SqliteDialect({ database: async () => open(path) }),
    rowLocks: false,
    isUniqueViolation: (error) => error instanceof Error && /UNIQUE constraint failed/.test(error.message),
    prepare: async (db) => {
      await sql`pragma foreign_keys = on`.execute(db);
    },
  };
}

function open(path: string): SqliteDatabase {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;');
  return {
    close: () => database.close(),
    prepare: (text) => adapt(database, text),
  };
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
