import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { emptyTables, openDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { HOUR_MS, TEN_EUROS, TTL_MS, World } from '../../../test/support/world.ts';
import type { NoticeFacts } from '../../notifications/notice.ts';
import { NOTICE_KINDS } from '../../notifications/notice-kind.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite/sqlite.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { requestRefundAsBuyer } from '../refunds/buyer-request.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase(sqliteDialect(':memory:'));
});
afterAll(() => database.store.close());
beforeEach(async () => {
  await emptyTables(database);
  database.store.notices.setWanted(new Set(NOTICE_KINDS));
});

/** Returns the facts of all notices, the oldest first. */
async function notices(): Promise<NoticeFacts[]> {
  const stored = await database.store.transaction((tx) => tx.notices.lockPending(1_000));
  return stored.map(({ facts }) => facts);
}

test('an order that is paid is reported once, however often it is judged', async () => {
  await using world = await World.open({ sql: database.store });
  const order = await world.order();
  await world.pay(order);
  for (let n = 0; n < 3; n += 1) {
    await world.mine();
    await world.round();
  }
  expect(await notices()).toEqual([{ kind: 'order.paid', orderId: order.terms.id, sats: String(TEN_EUROS) }]);
});

test('what needs attention is reported once for each amount', async () => {
  await using world = await World.open({ sql: database.store });
  const [partial, surplus] = [await world.order(), await world.order()];
  await world.pay(partial, 40_000n);
  await world.pay(surplus, TEN_EUROS + 5_000n);
  await world.mine();
  await world.round();
  world.clock.advance(TTL_MS);
  await world.mine(2);
  await world.round();
  await world.pay(partial, 70_000n);
  await world.round();
  await world.mine(2);
  await world.round();
  const attention = (await notices()).filter(({ kind }) => kind === 'order.attention');
  expect(attention).toEqual([
    { kind: 'order.attention', orderId: surplus.terms.id, reason: 'surplus', sats: '5000' },
    { kind: 'order.attention', orderId: partial.terms.id, reason: 'partial', sats: '40000' },
    { kind: 'order.attention', orderId: partial.terms.id, reason: 'late', sats: '110000' },
  ]);
});

test('a reorganisation of two blocks, and the payment that it endangers and takes away, are reported', async () => {
  await using world = await World.open({ sql: database.store });
  const order = await world.order();
  const txid = await world.pay(order);
  await world.mine(2);
  await world.round();
  await world.chain.reorganize({ depth: 2, without: [txid], others: 'mined' });
  await world.round();
  world.clock.advance(25 * HOUR_MS);
  await world.mine();
  await world.round();
  expect((await notices()).slice(1)).toMatchObject([
    { kind: 'chain.trouble', state: 'reorganised', blocks: 2 },
    { kind: 'order.attention', orderId: order.terms.id, reason: 'disputed' },
    { kind: 'order.attention', orderId: order.terms.id, reason: 'charged_back' },
  ]);
});

test('the replacement of the last block alone is not reported', async () => {
  await using world = await World.open({ sql: database.store });
  await world.mine(2);
  await world.round();
  await world.chain.reorganize({ depth: 1, others: 'waiting' });
  await world.round();
  expect(await notices()).toEqual([]);
});

test('a payment to no order is reported once, and so is a refund, however often its address changes', async () => {
  await using world = await World.open({ sql: database.store });
  const txid = await world.payIndexes([2], 1_234n);
  await world.round();
  await world.mine();
  await world.round();
  const order = await world.order();
  await world.pay(order, TEN_EUROS + 5_000n);
  await world.mine();
  await world.round();
  const context = { ...world.context, network: 'regtest', keys: deriveKeys(Buffer.alloc(32, 1)) } as const;
  for (const index of [0, 0, 1])
    expect(await requestRefundAsBuyer(context, order.terms.id, World.secondWallet().receive(index).address)).toBe('stored');
  const found = (await notices()).filter(({ kind }) => kind === 'payment.unassigned' || kind === 'refund.requested');
  expect(found).toEqual([
    { kind: 'payment.unassigned', accountId: world.pos.accountId, txid, sats: '1234' },
    { kind: 'refund.requested', orderId: order.terms.id },
  ]);
});

test('nothing is stored while nobody wants it', async () => {
  database.store.notices.setWanted(new Set());
  await using world = await World.open({ sql: database.store });
  await world.payIndexes([5], 1_234n);
  await world.pay(await world.order(), TEN_EUROS + 5_000n);
  await world.mine();
  await world.round();
  expect(await notices()).toEqual([]);
});
