/** What a gateway has answered survives a power failure: the disk of these tests holds what was written before the last sync began. */
import { copyFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleAccount } from '../../../../../test/support/samples.ts';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import type { AccountId } from '../../../../kernel/ids.ts';
import { StoreDownError } from '../../../store-down.ts';
import { openSqlStore, type SqlStore } from '../../sql-store.ts';
import { sqliteDialect } from './sqlite.ts';

let path: string;
/** A copy of the database as it is on the disk. */
let disk: string;
let store: SqlStore;
/** How many syncs have begun. */
let begun: number;
/** How many syncs have ended. */
let syncs: number;
/** What the next syncs do after the disk has taken what was written. */
let beforeSyncEnds: () => Promise<unknown>;
beforeEach(async () => {
  const folder = await temporaryFolder();
  path = join(folder, 'webpos.db');
  [begun, syncs] = [0, 0];
  beforeSyncEnds = async () => {};
  store = await openSqlStore(sqliteDialect(path, { serves: true, openLog: async () => ({ datasync, close: async () => {} }) }));
});
afterEach(() => store.close());

async function datasync(): Promise<void> {
  // No checkpoint is made meanwhile: there are fewer rows than one is made for.
  const taken = `${path}.${(begun += 1)}`;
  for (const end of ['', '-wal']) await copyFile(`${path}${end}`, `${taken}${end}`);
  await beforeSyncEnds();
  disk = taken;
  syncs += 1;
}

/** The accounts that a power failure would leave. */
function accountsOnDisk(): string[] {
  const database = new DatabaseSync(disk);
  const found = database.prepare('select id from accounts order by id').all() as { id: string }[];
  database.close();
  return found.map(({ id }) => id);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is acknowledged is on the disk', () => {
  test('a single statement', async () => {
    for (let count = 0; count < 5; count += 1) {
      const account = sampleAccount();
      await store.accounts.insert(account);
      expect(accountsOnDisk()).toContain(account.id);
    }
  });

  test('transactions that share a commit, and those that come while it is synced', async () => {
    beforeSyncEnds = () => sleep(5);
    const acknowledged: AccountId[] = [];
    const write = async (delayMs: number): Promise<void> => {
      await sleep(delayMs);
      const account = sampleAccount();
      await store.transaction((tx) => tx.accounts.insert(account));
      expect(accountsOnDisk()).toContain(account.id);
      acknowledged.push(account.id);
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => write(index)));
    expect(accountsOnDisk()).toEqual(acknowledged.sort());
  });

  test('what a read has seen', async () => {
    let end: () => void = () => {};
    const account = sampleAccount();
    beforeSyncEnds = () => new Promise<void>((resolve) => (end = resolve));
    const before = syncs;
    const writing = store.accounts.insert(account);
    const other = new DatabaseSync(path, { readOnly: true });
    const seen = other.prepare('select count(*) as n from accounts');
    while ((seen.get() as { n: number }).n === 0) await turn();
    other.close();
    let isRead = false;
    const reading = store.accounts.get(account.id).finally(() => (isRead = true));
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect({ isRead, syncs }).toEqual({ isRead: false, syncs: before });
    const ending = setInterval(() => end(), 1);
    expect(await reading).toEqual(account);
    expect(accountsOnDisk()).toEqual([account.id]);
    await writing;
    clearInterval(ending);
  });
});

describe('a disk that refuses a sync', () => {
  const refusal = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });

  test('ends the store: all that is read and written fails, and it says why', async () => {
    const kept = sampleAccount();
    await store.accounts.insert(kept);
    beforeSyncEnds = async () => Promise.reject(refusal);
    await expect(store.accounts.insert(sampleAccount())).rejects.toThrow(StoreDownError);
    beforeSyncEnds = async () => {};
    await expect(store.accounts.insert(sampleAccount())).rejects.toThrow(StoreDownError);
    await expect(store.accounts.list()).rejects.toThrow('the disk did not store');
    expect(await store.lost).toBe(`the disk did not store what was written to ${path}-wal: EIO: i/o error, fdatasync`);
    expect(accountsOnDisk()).toEqual([kept.id]);
  });

  test('another process then stores what the log holds before anything is read', async () => {
    const account = sampleAccount();
    beforeSyncEnds = async () => Promise.reject(refusal);
    await expect(store.accounts.insert(account)).rejects.toThrow(StoreDownError);
    beforeSyncEnds = async () => {};
    await store.close();
    const next = await openSqlStore(sqliteDialect(path, { serves: true }));
    expect(await next.accounts.list()).toEqual([account]);
    await next.close();
  });
});

test('what a killed process has left in the log is in the database once the next one serves', async () => {
  const [killed, folder] = [join(await temporaryFolder(), 'webpos.db'), await temporaryFolder()];
  const account = sampleAccount();
  const earlier = await openSqlStore(sqliteDialect(killed, { serves: true }));
  await earlier.accounts.insert(account);
  const left = join(folder, 'webpos.db');
  for (const end of ['', '-wal']) await copyFile(`${killed}${end}`, `${left}${end}`);
  await earlier.close();
  const next = await openSqlStore(sqliteDialect(left, { serves: true }));
  // Without its log.
  await copyFile(left, `${left}.alone`);
  const database = new DatabaseSync(`${left}.alone`);
  expect(database.prepare('select id from accounts').all()).toMatchObject([{ id: account.id }]);
  database.close();
  await next.close();
});
