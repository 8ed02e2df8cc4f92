import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { isTurnLong } from '../../../../kernel/thread/turns.ts';
import { sampleAccount } from '../../../../../test/support/samples.ts';
import { openSqlStore } from '../../sql-store.ts';
import type { Tables } from '../../tables.ts';
import { sqliteDialect } from './sqlite.ts';
import { openWithOther, type OpenedWithOther } from '../../../../../test/support/open-with-other.ts';

let folder: string;
let store: OpenedWithOther['store'];
let other: OpenedWithOther['other'];
beforeEach(async () => {
  ({ folder, store, other } = await openWithOther());
});

const write = (): void => other.exec(`insert into chain_blocks (height, hash) values (1, 'x')`);

test('a transaction that has only read keeps other writers out, so that it can still write', async () => {
  const account = sampleAccount();
  await store.transaction(async (tx) => {
    expect(await tx.accounts.list()).toEqual([]);
    expect(write).toThrow('database is locked');
    await tx.accounts.insert(account);
  });
  write();
  expect(await store.accounts.list()).toEqual([account]);
  expect(await store.chain.tip()).toMatchObject({ height: 1 });
});

test('others can read while a transaction writes, and see none of its changes', async () => {
  const countAccounts = (): unknown => other.prepare('select count(*) as n from accounts').get();
  await store.transaction(async (tx) => {
    await tx.accounts.insert(sampleAccount());
    expect(countAccounts()).toEqual({ n: 0 });
  });
  expect(countAccounts()).toEqual({ n: 1 });
});

test('the database uses a write-ahead log, synchronous commits and foreign keys', async () => {
  const pragmas = new Kysely<Tables>({ dialect: sqliteDialect(join(folder, 'webpos.db')).kysely });
  const ask = async (name: string): Promise<unknown> => (await sql`pragma ${sql.raw(name)}`.execute(pragmas)).rows[0];
  expect(await ask('journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(await ask('synchronous')).toEqual({ synchronous: 2 });
  expect(await ask('foreign_keys')).toEqual({ foreign_keys: 1 });
  await pragmas.destroy();
});

test('a statement that a failed transaction has left behind writes nothing', async () => {
  const account = sampleAccount();
  let late: Promise<unknown> | undefined;
  const failing = store.transaction(async (tx) => {
    await tx.accounts.list();
    holdTurn();
    late = tx.accounts.insert(account);
    late.catch(() => {});
    throw new Error('failed');
  });
  await expect(failing).rejects.toThrow('failed');
  await expect(late).rejects.toThrow('transaction has ended');
  expect(await store.accounts.list()).toEqual([]);
});

test('closing the store waits for the transaction that runs, and for those that wait for it', async () => {
  const closing = await openSqlStore(sqliteDialect(join(folder, 'webpos.db')));
  const accounts = [sampleAccount(), sampleAccount(), sampleAccount()] as const;
  const before = closing.accounts.insert(accounts[0]);
  const running = closing.transaction(async (tx) => {
    for (let turn = 0; turn < 3; turn += 1) {
      holdTurn();
      await tx.accounts.list();
    }
    await tx.accounts.insert(accounts[1]);
  });
  const after = closing.accounts.insert(accounts[2]);
  // A statement in a long turn asks for the database in a later one.
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await closing.close();
  await Promise.all([before, running, after]);
  expect(await store.accounts.list()).toHaveLength(3);
});

test('closing the store does not wait long for a transaction that hangs', async () => {
  const closing = await openSqlStore(sqliteDialect(join(folder, 'webpos.db')));
  const hanging = closing.transaction(async (tx) => {
    await tx.accounts.insert(sampleAccount());
    await new Promise(() => {});
  });
  hanging.catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  await closing.close();
  expect(await store.accounts.list()).toEqual([]);
});

/** Makes the turn of the event loop so long that the next statement waits for another. */
function holdTurn(): void {
  isTurnLong();
  const endMs = performance.now() + 15;
  while (performance.now() < endMs);
}
