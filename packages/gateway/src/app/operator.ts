/** Operations on a gateway's files and database as a whole: backup, restore and key renewal. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Operator } from '../cli/operator.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../kernel/clock.ts';
import { makeBackup } from '../services/backup/make-backup.ts';
import { restoreBackup } from '../services/backup/restore-backup.ts';
import { forgetAgain } from '../services/orders/forget-orders.ts';
import { renewKey } from '../services/operator/renew-key.ts';
import type { CopiedDatabase } from '../store/database-copy.ts';
import { forgottenFile } from '../store/forgotten-file.ts';
import { openMarksFile, readMarks } from '../store/marks/marks-file.ts';
import { formatMarks, parseMarks } from '../store/marks/marks-text.ts';
import type { ServingLock } from '../store/serving-lock.ts';
import { LockedError, withFileLock } from '../store/sql/file-lock.ts';
import { lastMigration } from '../store/sql/migrate.ts';
import { lockServing, openStore } from '../store/sql/open-store.ts';
import { sqliteCopies } from '../store/sql/sqlite-copies.ts';
import { clearTraces } from '../store/sql/sqlite-traces.ts';

const SQLITE = 'sqlite:';
const UNCHANGED = { ifMissing: 'refuse', ifOlder: 'refuse' } as const;

export const operator: Operator = {
  lastMigration,

  renewKey: (config, { replaceWorkingKey, shown }) =>
    whileNobodyServes(config, async () => {
      const store = await openStore(config.databaseUrl, UNCHANGED);
      try {
        const { finish, ...renewed } = await renewKey({ store, clock: systemClock, keyFile: config.keyFile, replaceWorkingKey });
        await shown(renewed);
        await finish();
      } finally {
        await store.close();
      }
    }),

  backUp: (config, target) =>
    makeBackup({
      target,
      clock: systemClock,
      keyFile: config.keyFile,
      database: isSqlite(config)
        ? { kind: 'sqlite', copies: sqliteCopies(pathOf(config)) }
        : { kind: 'postgres', read: () => readStore(config) },
      readMarks: () => readMarks(resolve(config.marksFile)),
      formatMarks,
      parseMarks,
      whileLocked,
    }),

  whileNobodyServes,

  forgotten: (config) => forgottenFile(resolve(config.marksFile)),

  clearTraces: async (config, vacuum) => !isSqlite(config) || clearTraces(pathOf(config), { vacuum }),

  restore: (config, source) =>
    whileNobodyServes(config, async () => {
      const manifest = await restoreBackup({
        source,
        keyFile: config.keyFile,
        marks: openMarksFile(resolve(config.marksFile)),
        parseMarks,
        database: isSqlite(config)
          ? { kind: 'sqlite', path: pathOf(config), copies: sqliteCopies(pathOf(config)) }
          : { kind: 'postgres', read: () => readStore(config) },
      });
      await eraseForgotten(config);
      return manifest;
    }),
};

/** Erases what a restored database has of orders that were forgotten since. */
async function eraseForgotten(config: Config): Promise<void> {
  const orders = await forgottenFile(resolve(config.marksFile)).read();
  if (orders.length === 0) return;
  const store = await openStore(config.databaseUrl, { ifMissing: 'refuse', ifOlder: 'migrate' });
  try {
    if ((await forgetAgain({ store }, orders)) === 0) return;
  } finally {
    await store.close();
  }
  if (isSqlite(config)) await clearTraces(pathOf(config), { vacuum: true });
}

async function whileNobodyServes<T>(config: Config, work: (lock: ServingLock) => Promise<T>): Promise<T> {
  const silent = { info: () => {}, warn: () => {} };
  const lock = await lockServing(config.databaseDirectUrl ?? config.databaseUrl, { pid: process.pid, host: hostname() }, silent);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await withFileLock(path, 0, work);
  } catch (error) {
    if (error instanceof LockedError) return undefined;
    throw error;
  }
}

/** Reads what a backup has to know about a PostgreSQL database, whose own tools copy the rest. */
async function readStore(config: Config): Promise<CopiedDatabase> {
  const store = await openStore(config.databaseUrl, UNCHANGED);
  try {
    const accounts = await store.accounts.list();
    const pos = await store.pos.list();
    return {
      faults: await store.schemaFaults(),
      unknownMigrations: [],
      writers: [],
      rows: {},
      accounts,
      pos: pos.map(({ id, name, sealedSecret, rotation }) => ({
        id,
        name,
        sealedSecrets: [sealedSecret, ...(rotation === null ? [] : [rotation.sealedSecret])],
      })),
    };
  } finally {
    await store.close();
  }
}

function isSqlite({ databaseUrl }: Config): boolean {
  return databaseUrl.startsWith(SQLITE);
}

function pathOf({ databaseUrl }: Config): string {
  return databaseUrl.slice(SQLITE.length);
}
