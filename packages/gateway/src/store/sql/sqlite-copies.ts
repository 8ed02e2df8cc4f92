/**
 * Copies of a SQLite database. `VACUUM INTO` copies a snapshot from its beginning and does not block writers. A plain copy of the file
 * would lack what is still in the log beside it, and have the remains of what was deleted.
 *
 * A gateway that serves meanwhile syncs the disk with each commit. So the copy is made in a thread, while its file is flushed again and
 * again: gigabytes that are flushed at once would hold up the commits until all are written.
 */
import { open, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import { OperatorError } from '../../kernel/operator-error.ts';
import { DatabaseMissingError, openingFailureText } from '../database-errors.ts';
import type { CopiedDatabase, DatabaseCopies } from '../database-copy.ts';
import { makePrivate } from './dialects/sqlite/make-private.ts';
import { flushWhile } from './flush-while.ts';
import { MIGRATIONS } from './migrate.ts';

const BUSY_MS = 30_000;

/** A text and not a file, so that it needs no loader for TypeScript. */
const PROGRAM = `
const { workerData: { driver, path, target, timeout } } = require('node:worker_threads');
import(driver).then(({ DatabaseSync }) => {
  const database = new DatabaseSync(path, { timeout });
  try {
    database.prepare('vacuum into ?').run(target);
  } finally {
    database.close();
  }
});`;

/** @param path The file of the database. */
export function sqliteCopies(path: string): DatabaseCopies {
  return { copyTo: (target) => copy(path, target), read };
}

async function copy(path: string, target: string): Promise<void> {
  if (path === ':memory:') throw new OperatorError('WEBPOS_DATABASE_URL: a database in memory cannot be backed up');
  if (!(await existsNonEmpty(path))) throw new DatabaseMissingError(`no database at ${path} (WEBPOS_DATABASE_URL)`);
  await makePrivate(target);
  const file = await open(target, 'r+');
  try {
    await flushWhile(file, vacuumInto(path, target));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws Error with the message of SQLite, and the remedy if it could not open the database. */
function vacuumInto(path: string, target: string): Promise<void> {
  const workerData = { driver: import.meta.resolve('@photostructure/sqlite'), path, target, timeout: BUSY_MS };
  const worker = new Worker(PROGRAM, { eval: true, execArgv: [], workerData });
  return new Promise((resolve, reject) => {
    worker.once('error', (error: Error) => reject(new Error(openingFailureText(error.message), { cause: error })));
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the copying thread ended with ${code}`))));
  });
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
