/**
 * The serving lock on a SQLite file: a write transaction that stays open on a small database beside it, `webpos.db.lock`. SQLite locks
 * with `fcntl`; the kernel releases such locks when the process ends, however it ends. SQLite also separates connections within one
 * process, and lets others read the holder's name while the write transaction is open.
 *
 * This process must open and close that file only through SQLite: closing any descriptor of a file releases all locks of the process.
 */
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { DatabaseServedError, servedBy, type ServingHolder, type ServingLock } from '../../../serving-lock.ts';
import { makePrivate } from './make-private.ts';

/** A holder that has just been killed may take a moment to end. */
const WAIT_MS = 500;
const MAX_ATTEMPTS = 5;

/** @throws DatabaseServedError if another process holds the lock; Error if the file cannot be written. */
export async function lockSqliteServing(path: string, holder: ServingHolder): Promise<ServingLock> {
  if (path === ':memory:') return heldUntil(() => {});
  const file = `${await realPath(path)}.lock`;
  await makePrivate(file);
  const database = new DatabaseSync(file, { timeout: WAIT_MS });
  try {
    take(database, holder, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return heldUntil(() => {
    // Closing alone may keep the transaction open until every statement has been garbage-collected.
    database.exec('rollback');
    database.close();
  });
}

type Database = InstanceType<typeof DatabaseSync>;

function take(database: Database, { pid, host }: ServingHolder, path: string): void {
  const token = randomUUID();
  for (let triesLeft = MAX_ATTEMPTS; ; triesLeft -= 1) {
    begin(database, path);
    // Written and committed first, because others cannot read what an open transaction has written.
    database.exec('create table if not exists holder (token text, pid integer, host text, since text)');
    database.exec('delete from holder');
    database.prepare('insert into holder values (?, ?, ?, ?)').run(token, pid, host, new Date().toISOString());
    database.exec('commit');
    begin(database, path);
    if (readHolder(database)?.token === token) return;
    // Another process took the lock in between and has released it.
    database.exec('rollback');
    if (triesLeft === 0) throw new DatabaseServedError(servedBy(path, undefined));
  }
}

function begin(database: Database, path: string): void {
  try {
    database.exec('begin immediate');
  } catch (error) {
    if (!(error instanceof Error && /database is locked|database is busy/.test(error.message))) throw error;
    const holder = readHolder(database);
    throw new DatabaseServedError(servedBy(path, holder && `process ${holder.pid} on ${holder.host}, since ${holder.since}`), {
      cause: error,
    });
  }
}

interface HolderRow {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

function readHolder(database: Database): HolderRow | undefined {
  try {
    return database.prepare('select token, pid, host, since from holder').get() as HolderRow | undefined;
  } catch {
    return undefined;
  }
}

/** Resolves links, so that all paths to a file share one lock. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(async () => join(await realpath(dirname(path)), basename(path)));
}

/** A lock that is held until it is released; the kernel does not take it away while the process runs. */
function heldUntil(release: () => void): ServingLock {
  let held = true;
  return {
    trouble: undefined,
    lost: new Promise(() => {}),
    release: async () => {
      if (held) release();
      held = false;
    },
  };
}
