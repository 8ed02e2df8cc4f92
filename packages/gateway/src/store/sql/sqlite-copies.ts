/**
 * Copies of a SQLite database. `VACUUM INTO` copies a snapshot from its beginning and does not block writers. A plain copy of the file
 * would lack what is still in the log beside it.
 */
import { open, stat } from 'node:fs/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { OperatorError } from '../../kernel/operator-error.ts';
import { DatabaseMissingError } from '../database-errors.ts';
import type { CopiedDatabase, DatabaseCopies } from '../database-copy.ts';
import { makePrivate } from './dialects/make-private.ts';
import { MIGRATIONS } from './migrate.ts';

const BUSY_MS = 30_000;

/** @param path The file of the database. */
export function sqliteCopies(path: string): DatabaseCopies {
  return { copyTo: (target) => copy(path, target), read };
}

async function copy(path: string, target: string): Promise<void> {
  if (path === ':memory:') throw new OperatorError('WEBPOS_DATABASE_URL: a database in memory cannot be backed up');
  if (!(await existsNonEmpty(path))) throw new DatabaseMissingError(`no database at ${path} (WEBPOS_DATABASE_URL)`);
  await makePrivate(target);
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    database.prepare('vacuum into ?').run(target);
  } finally {
    database.close();
  }
  const file = await open(target, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function existsNonEmpty(path: string): Promise<boolean> {
  return stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );
}

type Row = Readonly<Record<string, string | number | null>>;

async function read(path: string): Promise<CopiedDatabase> {
  const database = new DatabaseSync(path, { readOnly: true });
  const all = (text: string): Row[] => database.prepare(text).all() as Row[];
  try {
    const tables = all(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`).map(({ name }) =>
      String(name),
    );
    const column = (table: string, name: string): string[] =>
      tables.includes(table) ? all(`select ${name} as value from ${table} order by 1`).map(({ value }) => String(value)) : [];
    if (!tables.includes('kysely_migration'))
      throw new OperatorError(`${path}: expected a WebPOS database, found another database`);
    return {
      faults: [
        ...faultsOf(all('pragma integrity_check')),
        ...all('pragma foreign_key_check').map(({ table }) => `rows of ${table} refer to missing rows`),
      ],
      unknownMigrations: column('kysely_migration', 'name').filter((name) => !(name in MIGRATIONS)),
      writers: column('gateway_versions', 'version'),
      rows: Object.fromEntries(tables.map((table) => [table, Number(all(`select count(*) as n from "${table}"`)[0]?.['n'])])),
      accounts: all('select id, name, network, descriptor, next_index from accounts').map((row) => ({
        id: String(row['id']),
        name: String(row['name']),
        network: String(row['network']),
        descriptor: String(row['descriptor']),
        nextIndex: Number(row['next_index']),
      })),
      pos: all('select id, name, sealed_secret, next_sealed_secret from pos').map((row) => ({
        id: String(row['id']),
        name: String(row['name']),
        sealedSecrets: [row['sealed_secret'], row['next_sealed_secret']].filter((text) => typeof text === 'string'),
      })),
    };
  } finally {
    database.close();
  }
}

/** SQLite's integrity check returns `ok` if it finds no faults. */
function faultsOf(rows: readonly Row[]): string[] {
  return rows.map(({ integrity_check: text }) => String(text)).filter((text) => text !== 'ok');
}
