/** Reads wait neither for a writer's turn nor for its commit, however their statement is written. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleAccount, sampleOrder, storedPos } from '../../../../../test/support/samples.ts';
import { epochMs } from '../../../../kernel/clock.ts';
import type { Order } from '../../../../orders/order.ts';
import { openSqlStore, type SqlStore } from '../../sql-store.ts';
import { sqliteDialect } from './sqlite.ts';

const NOW = epochMs(Date.UTC(2026, 10, 23, 12));

let folder: string;
let store: SqlStore;
let order: Order;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-reads-'));
  store = await openSqlStore(sqliteDialect(join(folder, 'webpos.db')));
  order = sampleOrder(await storedPos(store));
  await store.orders.insert(order);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

type Read = (reads: SqlStore, of: Order) => Promise<unknown>;
const READS: Readonly<Record<string, Read>> = {
  'accounts.list': ({ accounts }) => accounts.list(),
  'accounts.lastPaidIndex': ({ accounts }, { terms }) => accounts.lastPaidIndex(terms.accountId, 0, 10),
  'pos.list': ({ pos }) => pos.list(),
  'orders.get': ({ orders }, { terms }) => orders.get(terms.id),
  'orders.dueIds': ({ orders }) => orders.dueIds(NOW, 100),
  'orders.watchedIds': ({ orders }) => orders.watchedIds(),
  'orders.idsToJudge': ({ orders }) => orders.idsToJudge(1, 100),
  'orders.watchedAmong': ({ orders }) => orders.watchedAmong([]),
  'orders.paymentsIn': ({ orders }) => orders.paymentsIn([]),
  'orders.unconfirmedPayments': ({ orders }) => orders.unconfirmedPayments(),
  'unassigned.unconfirmedPayments': ({ unassigned }) => unassigned.unconfirmedPayments(),
  'unassigned.openSums': ({ unassigned }) => unassigned.openSums(),
  'chain.recent': ({ chain }) => chain.recent(10),
  'chain.ends': ({ chain }) => chain.ends(),
  'callbacks.queues': ({ callbacks }) => callbacks.queues(),
  'callbacks.ofOrder': ({ callbacks }, { terms }) => callbacks.ofOrder(terms.id),
  'callbacks.listedOfOrder': ({ callbacks }, { terms }) => callbacks.listedOfOrder(terms.id),
  'callbacks.countQueue': ({ callbacks }, { terms }) =>
    callbacks.countQueue({ posId: terms.posId, endpoint: 'https://shop.example' }, 10),
  'endpoints.failing': ({ endpoints }) => endpoints.failing(),
  'history.since': ({ history }) => history.since(NOW, 10),
  stats: (reads) => reads.stats(100),
  schemaFaults: (reads) => reads.schemaFaults(),
};

describe('while a transaction is open', () => {
  it.each(Object.entries(READS))('%s does not wait', async (_name, read) => {
    let end: () => void = () => {};
    const held = new Promise<void>((resolve) => (end = resolve));
    const writing = store.transaction(async (tx) => {
      await tx.accounts.insert(sampleAccount());
      await held;
      throw new Error('rolled back');
    });
    // The transaction begins before anything is read.
    await sleep(1);
    const reading = read(store, order).then(() => 'answered');
    const first = await Promise.race([reading, sleep(2_000, 'waits')]);
    end();
    await expect(writing).rejects.toThrow('rolled back');
    await reading;
    expect(first).toBe('answered');
  });
});

it('a statement that writes takes its turn, even if it begins like a read', async () => {
  const db = new Kysely<object>({ dialect: sqliteDialect(join(folder, 'webpos.db')).kysely });
  const account = sampleAccount();
  await store.accounts.insert(account);
  await sql`with one(id) as (select ${account.id}) delete from accounts where id in (select id from one)`.execute(db);
  expect(await store.accounts.get(account.id)).toBeUndefined();
  await db.destroy();
});
