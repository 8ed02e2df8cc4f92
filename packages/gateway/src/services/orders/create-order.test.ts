import { describe, expect, test } from 'vitest';
import { crashing, Crash } from '../../../test/support/crashing-store.ts';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { hashOf } from '../../../test/support/samples.ts';
import { HOUR_MS, TEN_EUROS, World } from '../../../test/support/world.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { parseFiatAmount } from '../../orders/fiat.ts';
import { measuredStore } from '../../store/measured-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { createOrder } from './create-order.ts';
import type { OrderRequest } from './new-order.ts';

const REQUEST: OrderRequest = {
  fiat: parseFiatAmount('10.00', parseCurrency('EUR')),
  callbackUrl: null,
  continueUrl: null,
  cancelUrl: null,
  details: null,
  reference: null,
  requiredConfirmations: null,
};

const creating = (database: TestDatabase): void => {
  const open = (): Promise<World> => World.open({ sql: database.store });
  const countOrders = async (): Promise<number> => (await database.db.selectFrom('orders').select('id').execute()).length;
  const nextIndex = async (world: World): Promise<number | undefined> =>
    (await database.store.accounts.get(world.pos.accountId))?.nextIndex;

  test('concurrent orders get consecutive addresses of their own, all of which are watched', async () => {
    await using world = await open();
    const orders = await Promise.all(Array.from({ length: 30 }, () => world.order()));
    expect(new Set(orders.map(({ terms }) => terms.address)).size).toBe(30);
    const indexes = orders.map(({ terms }) => terms.addressIndex).sort((a, b) => a - b);
    expect(indexes).toEqual(Array.from({ length: 30 }, (_, n) => n));
    await Promise.all(orders.map((order) => world.pay(order)));
    await world.round();
    const stored = await Promise.all(orders.map((order) => world.read(order)));
    expect(stored.map(({ payments }) => payments.map(({ amount }) => amount))).toEqual(orders.map(() => [TEN_EUROS]));
  });

  test('an order is returned as it is stored', async () => {
    await using world = await open();
    const order = await world.order();
    expect(await world.read(order)).toEqual(order);
  });

  test('fields that a request leaves out come from the POS', async () => {
    await using world = await open();
    const { defaults } = world.pos;
    expect((await createOrder(world.context, world.pos, REQUEST)).terms).toMatchObject(defaults);
    const own = { callbackUrl: 'https://a.example/', continueUrl: 'https://b.example/', cancelUrl: 'https://c.example/' };
    const whole = { ...own, details: 'd', reference: 'r', requiredConfirmations: 0 };
    expect((await createOrder(world.context, world.pos, { ...REQUEST, ...whole })).terms).toMatchObject(whole);
  });

  test('an order that the gate refuses takes no address', async () => {
    await using world = await open();
    const refusal = new ContractError('4006', 'the chain has not been read up to its tip yet');
    const before = [await countOrders(), await nextIndex(world)];
    const refusing = { ...world.context, addresses: { ...world.context.addresses, refusal: async () => refusal } };
    await expect(createOrder(refusing, world.pos, REQUEST)).rejects.toMatchObject({ code: '4006', message: refusal.message });
    expect([await countOrders(), await nextIndex(world)]).toEqual(before);
    await createOrder(world.context, world.pos, REQUEST);
  });

  test.each<[string, Partial<OrderRequest>, string]>([
    ['in a currency without a rate', { fiat: parseFiatAmount('10.00', parseCurrency('JPY')) }, '4003'],
    ['below the smallest amount', { fiat: parseFiatAmount('0.05', parseCurrency('EUR')) }, '0001'],
    ['above the supply of bitcoin', { fiat: parseFiatAmount('300000000000.00', parseCurrency('EUR')) }, '0001'],
  ])('an order %s is refused and takes no address', async (_, request, code) => {
    await using world = await open();
    const error: unknown = await createOrder(world.context, world.pos, { ...REQUEST, ...request }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code });
    expect([await countOrders(), await nextIndex(world)]).toEqual([0, 0]);
  });

  test('the smallest order is worth 600 satoshi', async () => {
    await using world = await open();
    expect((await world.order('0.06')).terms.amount).toBe(600n);
  });

  test('a refused order does not affect concurrent ones', async () => {
    await using world = await open();
    const dust = { ...REQUEST, fiat: parseFiatAmount('0.05', parseCurrency('EUR')) };
    const results = await Promise.allSettled(
      [REQUEST, dust, REQUEST].map((request) => createOrder(world.context, world.pos, request)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([await countOrders(), await nextIndex(world)]).toEqual([2, 2]);
  });

  test('concurrent orders share one transaction', async () => {
    let transactions = 0;
    const store = measuredStore(database.store, () => 0, { waited: () => void (transactions += 1) });
    await using world = await World.open({ sql: database.store, store, lookAhead: 8 });
    const before = transactions;
    await Promise.all(Array.from({ length: 8 }, () => world.order()));
    expect(transactions - before).toBe(1);
  });

  test('a creation that fails at any point leaves nothing, and the next one gets the same address', async () => {
    const plan = crashing(database.store);
    await using world = await World.open({ sql: database.store, store: plan.store });
    const idempotency = { key: 'k', requestHash: hashOf('request') };
    plan.crashAt(Number.POSITIVE_INFINITY);
    const { terms: first } = await createOrder(world.context, world.pos, REQUEST, { ...idempotency, key: 'first' });
    const points = plan.points();
    expect(points).toBeGreaterThan(5);
    // At the last point everything is stored, and only the response is lost.
    for (let point = 1; point < points; point += 1) {
      plan.crashAt(point);
      await expect(createOrder(world.context, world.pos, REQUEST, idempotency)).rejects.toThrow(Crash);
      expect([await countOrders(), await nextIndex(world)]).toEqual([1, 1]);
    }
    plan.crashAt(points);
    await expect(createOrder(world.context, world.pos, REQUEST, idempotency)).rejects.toThrow(Crash);
    expect([await countOrders(), await nextIndex(world)]).toEqual([2, 2]);
    const again = await createOrder(world.context, world.pos, REQUEST, idempotency);
    expect(again.terms.addressIndex).toBe(first.addressIndex + 1);
    expect(await countOrders()).toBe(2);
    // The first creation failed before its script was watched.
    await world.pay(again);
    await world.round();
    expect(await world.status(again)).toBe('mempool_unconfirmed');
  });

  describe('with an idempotency key', () => {
    test('concurrent identical requests create one order, which all of them get', async () => {
      await using world = await open();
      const key = { key: 'k', requestHash: hashOf('request') };
      const orders = await Promise.all(Array.from({ length: 8 }, () => createOrder(world.context, world.pos, REQUEST, key)));
      expect(new Set(orders.map(({ terms }) => terms.id)).size).toBe(1);
      expect([await countOrders(), await nextIndex(world)]).toEqual([1, 1]);
    });

    test('concurrent requests that differ from the first one with their key are refused', async () => {
      await using world = await open();
      const hashes = ['one', 'two', 'one'];
      const requests = hashes.map((hash) =>
        createOrder(world.context, world.pos, REQUEST, { key: 'k', requestHash: hashOf(hash) }),
      );
      const results = await Promise.allSettled(requests);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(results[1]).toMatchObject({ reason: { code: '0001' } });
      expect([await countOrders(), await nextIndex(world)]).toEqual([1, 1]);
    });

    test('a refused request leaves its key to the next one, even to a concurrent one', async () => {
      await using world = await open();
      const dust = { ...REQUEST, fiat: parseFiatAmount('0.05', parseCurrency('EUR')) };
      const requests = [dust, REQUEST].map((request) =>
        createOrder(world.context, world.pos, request, { key: 'k', requestHash: hashOf(request.fiat.minorUnits.toString()) }),
      );
      const results = await Promise.allSettled(requests);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    });

    test('a key that another process uses meanwhile gets its order, and a concurrent request without a key succeeds', async () => {
      await using world = await open();
      const key = { key: 'k', requestHash: hashOf('request') };
      const theirs = await createOrder(world.context, world.pos, REQUEST, key);
      const context = { ...world.context, store: blindOnce(database.store) };
      const [mine, plain] = await Promise.all([
        createOrder(context, world.pos, REQUEST, key),
        createOrder(context, world.pos, REQUEST),
      ]);
      expect(mine).toEqual(theirs);
      expect(plain.terms.addressIndex).toBe(1);
      expect([await countOrders(), await nextIndex(world)]).toEqual([2, 2]);
    });

    test('another request with a used key is refused for a day, and then creates another order', async () => {
      await using world = await open();
      await createOrder(world.context, world.pos, REQUEST, { key: 'k', requestHash: hashOf('one') });
      const other = { key: 'k', requestHash: hashOf('other') };
      world.clock.advance(24 * HOUR_MS);
      await expect(createOrder(world.context, world.pos, REQUEST, other)).rejects.toMatchObject({ code: '0001' });
      world.clock.advance(1);
      await createOrder(world.context, world.pos, REQUEST, other);
      expect(await countOrders()).toBe(2);
    });
  });
};
await onEveryDatabase('create-order.test.ts', creating, [IN_MEMORY, ON_POSTGRES]);

/** A store that finds no key once, as if it had looked just before another process stored it. */
function blindOnce(store: Store): Store {
  let blind = true;
  return {
    ...store,
    transaction: (work) =>
      store.transaction((tx) => {
        if (!blind) return work(tx);
        blind = false;
        const { idempotency } = tx;
        return work({
          ...tx,
          idempotency: {
            find: async () => [],
            insert: (...taking) => idempotency.insert(...taking),
            prune: (which) => idempotency.prune(which),
            countOf: (order) => idempotency.countOf(order),
          },
        });
      }),
  };
}
