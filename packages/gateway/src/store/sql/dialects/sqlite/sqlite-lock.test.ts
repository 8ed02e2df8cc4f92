/** A lock of another process delays only the writes that need it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { beforeEach, expect, test } from 'vitest';
import { sampleAccount } from '../../../../../test/support/samples.ts';
import { openSqlStore } from '../../sql-store.ts';
import { isStoreDown } from '../../../store-down.ts';
import { sqliteDialect } from './sqlite.ts';
import { openWithOther, type OpenedWithOther } from '../../../../../test/support/open-with-other.ts';

let folder: string;
let store: OpenedWithOther['store'];
let other: OpenedWithOther['other'];
beforeEach(async () => {
  ({ folder, store, other } = await openWithOther());
});

test('writes wait for the lock without blocking the event loop, and continue when it is free', async () => {
  const account = sampleAccount();
  other.exec('begin immediate');
  const writing = store.accounts.insert(account);
  let longestMs = 0;
  for (let turn = 0, before = performance.now(); turn < 50; turn += 1) {
    await sleep(10);
    const now = performance.now();
    longestMs = Math.max(longestMs, now - before);
    before = now;
    expect(await store.accounts.list()).toEqual([]);
  }
  other.exec('commit');
  await writing;
  expect(await store.accounts.list()).toEqual([account]);
  // SQLite's own busy timeout would block for the whole half second.
  expect(longestMs).toBeLessThan(400);
});

test('writes that wait for the lock all give up after five seconds, and leave nothing behind', async () => {
  other.exec('begin immediate');
  const begunMs = performance.now();
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => store.transaction((tx) => tx.accounts.insert(sampleAccount()))),
  );
  const tookMs = performance.now() - begunMs;
  other.exec('commit');
  for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { sqliteCodeName: 'SQLITE_BUSY' } });
  expect(results.every((result) => result.status === 'rejected' && isStoreDown(result.reason))).toBe(true);
  expect(tookMs).toBeGreaterThan(4_900);
  expect(tookMs).toBeLessThan(9_000);
  expect(await store.accounts.list()).toEqual([]);
  await store.accounts.insert(sampleAccount());
}, 240_000);

test('opening a database waits for a program that has locked the whole file', async () => {
  const path = join(folder, 'taken.db');
  const owner = new DatabaseSync(path, { timeout: 0 });
  owner.exec('pragma locking_mode = exclusive; create table notes (text text); begin exclusive');
  const opening = openSqlStore(sqliteDialect(path));
  await sleep(100);
  owner.close();
  const opened = await opening;
  expect(await opened.accounts.list()).toEqual([]);
  await opened.close();
});

test('a process that writes without a break lets others write', async () => {
  const otherProcess = await openSqlStore(sqliteDialect(join(folder, 'webpos.db')));
  const over = new AbortController();
  const writeOn = async (): Promise<void> => {
    while (!over.signal.aborted) await store.accounts.insert(sampleAccount());
  };
  const writing = Promise.all([writeOn(), writeOn(), writeOn()]);
  try {
    const accounts = Array.from({ length: 5 }, sampleAccount);
    for (const account of accounts) await otherProcess.accounts.insert(account);
    for (const account of accounts) expect(await store.accounts.get(account.id)).toEqual(account);
  } finally {
    over.abort();
    await writing;
    await otherProcess.close();
  }
}, 60_000);
