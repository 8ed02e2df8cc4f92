import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyTables, emptyTables, openDatabase, restoreTables, type TestDatabase } from '../../../test/support/every-database.ts';
import { sealedAccount } from '../../../test/support/test-seals.ts';
import { World, type WorldOptions } from '../../../test/support/world.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { sats } from '../../kernel/sats.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite/sqlite.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase(sqliteDialect(':memory:'));
});
afterAll(() => database.store.close());
beforeEach(() => emptyTables(database));

const open = (options: Partial<WorldOptions> = {}): Promise<World> => World.open({ sql: database.store, ...options });
const nextIndex = async (): Promise<number | undefined> => (await database.store.accounts.list())[0]?.nextIndex;
const skipped = async (): Promise<string[]> =>
  (await database.store.accounts.skippedRanges()).map(({ from, to, reason }) => `${from}-${to} ${reason}`);

describe('a payment to an address beyond the next index', () => {
  test('is stored as unassigned, reported once, and skipped by new orders', async () => {
    await using world = await open();
    const txid = await world.payIndexes([2], 1234n);
    await world.round();
    await world.round();
    expect(await database.store.unassigned.list({ accountId: undefined, open: true, limit: 10 })).toMatchObject([
      { addressIndex: 2, amount: 1234n, outPoint: { txid, vout: 0 }, place: { kind: 'mempool' }, acknowledged: null },
    ]);
    expect(world.unassigned.map(({ outPoint }) => outPoint.txid)).toEqual([txid]);
    expect(await skipped()).toEqual(['0-3 paid']);
    expect((await world.order()).terms.addressIndex).toBe(3);
  });

  test('settles no order; a later order is settled by a later payment', async () => {
    await using world = await open();
    await world.payIndexes([0]);
    await world.mine();
    await world.round();
    const order = await world.order();
    expect(order.terms.addressIndex).toBe(1);
    await world.round();
    expect(await world.status(order)).toBe('pending');
    await world.pay(order);
    await world.mine();
    await world.round();
    expect(await world.status(order)).toBe('paid');
    expect(await world.unassignedPlaces()).toEqual(['0 block']);
  });

  test('that arrived while the gateway was down is found after its start', async () => {
    await using world = await open();
    await world.watcher.stop();
    await world.payIndexes([1]);
    await world.mine(3);
    await world.restart();
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['1 block']);
    expect(await nextIndex()).toBe(2);
  });

  test('follows its block and its replacement like the payments of orders', async () => {
    await using world = await open();
    const txid = await world.payIndexes([0]);
    await world.mine();
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['0 block']);
    await world.chain.reorganize({ depth: 1, others: 'waiting' });
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['0 mempool']);
    await world.chain.replace(txid, [{ script: world.scriptAt(1), amount: sats(700n) }]);
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['0 gone', '1 mempool']);
    await world.mine();
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['0 gone', '1 block']);
    // A paid address may be paid again at any time, so no order gets it.
    expect((await world.order()).terms.addressIndex).toBe(2);
  });

  test.each([
    ['the mempool', async () => {}],
    ['one block', (world: World) => world.mine()],
  ])('is found far ahead in %s, if each payment extends the look-ahead to the next', async (_, then) => {
    await using world = await open({ lookAhead: 3 });
    // Each is watched only because of the one before. They are sent in reverse order.
    for (const index of [11, 8, 5, 2]) await world.payIndexes([index]);
    await then(world);
    await world.round();
    expect((await world.unassignedPlaces()).map((place) => Number(place.split(' ')[0])).sort((a, b) => a - b)).toEqual([
      2, 5, 8, 11,
    ]);
    expect(await nextIndex()).toBe(12);
    await world.payIndexes([4, 12, 14]);
    await world.round();
    expect(await nextIndex()).toBe(15);
    expect(await world.unassignedPlaces()).toHaveLength(7);
  });

  test('in a range that the operator skipped is found, even later and after a restart', async () => {
    await using world = await open({ lookAhead: 3 });
    const [account] = await database.store.accounts.list();
    await database.store.transaction((tx) => tx.accounts.raiseIndex(account!.id, 40, 'operator', world.clock.now()));
    await world.payIndexes([33]);
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['33 mempool']);
    const order = await world.order();
    expect(order.terms.addressIndex).toBe(40);
    await world.restart();
    await world.payIndexes([7, 39]);
    await world.mine();
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['33 block', '39 block', '7 block']);
    expect(await skipped()).toEqual(['0-40 operator']);
  });

  test('is never an order’s payment, even if an order gets its address', async () => {
    await using world = await open();
    await world.payIndexes([0]);
    await world.round();
    const order = await world.order();
    // The gateway never writes this.
    await database.db
      .updateTable('orders')
      .set({ script: world.scriptAt(0), address_index: 0 })
      .execute();
    await world.restart();
    await world.mine();
    await world.round();
    await world.chain.reorganize({ depth: 1, others: 'waiting' });
    await world.round();
    await world.mine();
    await world.restart();
    await world.round();
    expect((await world.read(order)).payments).toEqual([]);
    expect(await world.unassignedPlaces()).toEqual(['0 block']);
  });

  test('that was in the mempool before its wallet was registered is found', async () => {
    await using world = await open();
    const [account] = await database.store.accounts.list();
    await database.db.updateTable('pos').set({ account_id: account!.id }).execute();
    const late = World.secondWallet();
    await world.chain.pay(late.receive(0).script, sats(5_000n));
    await world.round();
    await database.store.accounts.insert(sealedAccount({ ...account!, id: world.newId(), descriptor: late.descriptor }));
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['0 mempool']);
  });
});

describe('a payment beyond the look-ahead', () => {
  const LOOK_AHEAD = 3;
  const BEYOND = 9;

  test.each([
    ['is in the mempool', 'mempool', async () => {}],
    ['is in a block that was read', 'block', (world: World) => world.mine(2)],
    ['was read in the mempool and then in a block', 'block', (world: World) => world.round().then(() => world.mine())],
  ])('that %s is found before an order gets its address, however fast orders come', async (_, place, then) => {
    await using world = await open({ lookAhead: LOOK_AHEAD });
    await world.payIndexes([BEYOND]);
    await then(world);
    await world.round();
    expect(await world.unassignedPlaces()).toEqual([]);
    // No rounds run meanwhile, except those that the orders request.
    const orders = await Promise.all(Array.from({ length: 12 }, () => world.order()));
    expect(orders.map(({ terms }) => terms.addressIndex)).not.toContain(BEYOND);
    expect(await world.unassignedPlaces()).toEqual([`${BEYOND} ${place}`]);
    await world.mine();
    await world.round();
    for (const order of orders) expect(await world.status(order)).toBe('pending');
    expect(await world.unassignedPlaces()).toEqual([`${BEYOND} block`]);
  });

  test('is found without delaying orders that come one by one', async () => {
    await using world = await open({ lookAhead: LOOK_AHEAD });
    await world.payIndexes([BEYOND]);
    await world.round();
    const indexes: number[] = [];
    for (let nth = 0; nth < 8; nth += 1) {
      indexes.push((await world.order()).terms.addressIndex);
      await world.round();
    }
    expect(indexes).toEqual([0, 1, 2, 3, 4, 5, 10, 11]);
    expect(await world.unassignedPlaces()).toEqual([`${BEYOND} mempool`]);
  });

  test('delays only the order that would get its address while the source is unavailable', async () => {
    await using world = await open({ lookAhead: LOOK_AHEAD, patienceMs: 50 });
    await world.payIndexes([BEYOND]);
    await world.round();
    world.source.isDown = true;
    for (let index = 0; index < BEYOND; index += 1) expect((await world.order()).terms.addressIndex).toBe(index);
    await expect(world.order()).rejects.toMatchObject({ code: '4006', retryAfterS: 5 });
    world.source.isDown = false;
    await world.round();
    expect((await world.order()).terms.addressIndex).toBe(BEYOND + 1);
  });

  test('settles no order of a later process when its block is rolled back, wherever it comes back', async () => {
    for (const others of ['waiting', 'mined'] as const) {
      await emptyTables(database);
      await using world = await open({ lookAhead: LOOK_AHEAD });
      world.source.isLikeNode = true;
      await world.payIndexes([BEYOND]);
      await world.mine();
      await world.round();
      await world.restart();
      const orders = [];
      while (orders.at(-1)?.terms.addressIndex !== BEYOND) orders.push(await world.order());
      await world.round();
      await world.chain.reorganize({ depth: 1, others });
      await world.round();
      await world.mine();
      await world.round();
      for (const order of orders) expect(await world.status(order)).toBe('pending');
      expect(await world.unassignedPlaces()).toEqual([`${BEYOND} block`]);
    }
  });

  test('to a wallet that is registered later is found in what was read before', async () => {
    await using world = await open();
    const [account] = await database.store.accounts.list();
    const late = World.secondWallet();
    await world.chain.pay(late.receive(0).script, sats(5_000n));
    await world.mine();
    await world.chain.pay(late.receive(1).script, sats(6_000n));
    await world.round();
    await database.store.accounts.insert(sealedAccount({ ...account!, id: world.newId(), descriptor: late.descriptor }));
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['0 block', '1 mempool']);
  });

  test('in a range that is skipped later is found in what was read before', async () => {
    await using world = await open({ lookAhead: LOOK_AHEAD });
    const [account] = await database.store.accounts.list();
    await world.payIndexes([20]);
    await world.mine();
    await world.payIndexes([30]);
    await world.round();
    await database.store.transaction((tx) => tx.accounts.raiseIndex(account!.id, 40, 'operator', world.clock.now()));
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['20 block', '30 mempool']);
  });

  test('in a range that was skipped while the pool was filled is found', async () => {
    await using world = await open({ lookAhead: LOOK_AHEAD });
    const [account] = await database.store.accounts.list();
    await database.store.transaction((tx) => tx.accounts.raiseIndex(account!.id, 40, 'operator', world.clock.now()));
    const [skipping] = await database.store.accounts.list();
    await world.watched.extend(skipping!, 60, AbortSignal.timeout(10_000));
    await world.round();
    await world.payIndexes([20]);
    await world.round();
    expect(await world.unassignedPlaces()).toEqual(['20 mempool']);
  });
});

describe('a restored database', () => {
  test('settles no new order with an older payment, and hands out no address twice', async () => {
    await using world = await open({ refusesUnread: true });
    await world.order();
    await world.round();
    const backup = await copyTables(database.db);
    const [a, a2] = [await world.order(), await world.order('20.00')];
    await world.pay(a);
    await world.mine();
    await world.pay(a2);
    await world.round();
    expect(await world.status(a)).toBe('paid');

    await world.watcher.stop();
    await restoreTables(database, backup);
    await world.restart();
    await world.round();
    expect(await world.unassignedPlaces()).toEqual([`${a.terms.addressIndex} block`, `${a2.terms.addressIndex} mempool`]);
    const fresh = [await world.order(), await world.order('20.00')];
    for (const order of fresh) {
      expect([a, a2].map(({ terms }) => terms.address)).not.toContain(order.terms.address);
      expect(await world.status(order)).toBe('pending');
    }
    await world.mine(2);
    await world.round();
    for (const order of fresh) expect(await world.status(order)).toBe('pending');
  });
});

describe('a new order', () => {
  test('is refused after a start until the chain is read, but a repeated request gets its order', async () => {
    await using world = await open({ refusesUnread: true, retryMs: 60_000 });
    const key = { key: 'k', requestHash: 'h' };
    const created = await world.order('10.00', {}, key);
    world.source.isDown = true;
    await world.restart();
    await expect(world.order()).rejects.toMatchObject({ code: '4006', retryAfterS: 5 });
    expect(await world.order('10.00', {}, key)).toEqual(created);
    expect(await nextIndex()).toBe(1);
    world.source.isDown = false;
    await world.restart();
    await world.round();
    expect((await world.order()).terms.addressIndex).toBe(1);
  });

  test('is accepted while the source is unavailable for up to the lifetime of an order, and then refused', async () => {
    await using world = await open({ refusesUnread: true });
    world.source.isDown = true;
    world.clock.advance(world.context.orderTtlMs);
    await world.order();
    world.clock.advance(1);
    await expect(world.order()).rejects.toThrow(ContractError);
    world.source.isDown = false;
    await world.round();
    await world.order();
  });
});
