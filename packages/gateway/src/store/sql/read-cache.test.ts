import { describe, expect, test } from 'vitest';
import { IN_FILE, ON_POSTGRES, onEveryPlace, openDatabase } from '../../../test/support/every-database.ts';
import { blockOf, judged, samplePayment, storedOrders } from '../../../test/support/samples.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { Store, StoreTransaction } from '../ports/store.ts';
import { ReadCache } from './read-cache.ts';

await onEveryPlace(
  'read-cache.test.ts',
  (place) => {
    test('nothing is cached without notifications, because changes by others would go unnoticed', async () => {
      const { store } = await openDatabase(place().connect());
      const [{ terms }] = await storedOrders(store);
      await store.orders.get(terms.id);
      await store.chain.append([blockOf(1)]);
      await store.chain.tip();
      expect([store.cached.order(terms.id), store.cached.tip()]).toEqual([undefined, undefined]);
      await store.close();
    });
  },
  [ON_POSTGRES],
);

await onEveryPlace(
  'read-cache.test.ts',
  (place) => {
    test('an order and the tip are cached when they are read', async () => {
      const { store } = await openDatabase(place().connect());
      const [order] = await storedOrders(store);
      expect(store.cached.order(order.terms.id)).toBeUndefined();
      const read = await store.orders.get(order.terms.id);
      expect(read).toEqual(order);
      expect(store.cached.order(order.terms.id)).toBe(read);
      await store.chain.append([blockOf(1)]);
      expect(await store.chain.tip()).toEqual(blockOf(1));
      expect(store.cached.tip()).toEqual(blockOf(1));
      await store.close();
    });

    test('creating another order invalidates nothing', async () => {
      const { store } = await openDatabase(place().connect());
      const [{ terms }] = await storedOrders(store);
      const read = await store.orders.get(terms.id);
      await storedOrders(store);
      expect(store.cached.order(terms.id)).toBe(read);
      await store.close();
    });

    type Change = (tx: StoreTransaction, order: Order) => Promise<unknown>;
    const inBlock = { kind: 'block', ...blockOf(1) } as const;
    const payment = (order: Order): ReturnType<typeof samplePayment> => samplePayment(order, order.terms.id, { place: inBlock });
    const changes: [string, Change][] = [
      [
        'an update of an order',
        (tx, order) => tx.orders.update({ ...order, state: { status: 'pending', coveredAt: null } }, judged()),
      ],
      ['a new payment', (tx, order) => tx.orders.placePayment(samplePayment(order, `${order.terms.id} second`))],
      [
        'a new place of a payment',
        (tx, order) => tx.orders.setPlace(payment(order).outPoint, { kind: 'gone', reason: { kind: 'dropped' } }),
      ],
      ['a rolled-back block', (tx) => tx.orders.rollBackBlock(blockOf(1))],
      ['new deadlines', (tx, order) => tx.orders.reschedule(order.terms.id, {}, order.terms.expiresAt)],
      ['deleted payments', (tx, order) => tx.orders.deletePayments(order.terms.id)],
      ['a new tip', (tx) => tx.chain.append([blockOf(2)])],
      ['a lower tip', (tx) => tx.chain.rollBackFrom(1)],
    ];
    describe.each(changes)('after %s', (_, change) => {
      /** Returns what is cached after the change, what is read then, and what is stored. */
      async function afterChange(connect: (reader: Store) => Promise<Store>): Promise<unknown[]> {
        const { store: reader } = await openDatabase(place().connect());
        const [order] = await storedOrders(reader);
        await reader.chain.append([blockOf(1)]);
        await reader.orders.placePayment(payment(order));
        const writer = await connect(reader);
        await reader.orders.get(order.terms.id);
        await reader.chain.tip();
        await writer.transaction((tx) => change(tx, order));
        const cached = [reader.cached.order(order.terms.id), reader.cached.tip()];
        const [read, stored] = [await reader.orders.get(order.terms.id), await writer.orders.lock(order.terms.id)];
        await Promise.all([...new Set([reader, writer])].map((store) => store.close()));
        return [cached, read, stored];
      }

      test('by this store, nothing is cached and the stored order is read', async () => {
        const [cached, read, stored] = await afterChange(async (reader) => reader);
        expect(cached).toEqual([undefined, undefined]);
        expect(read).toEqual(stored);
      });

      test('by another connection, nothing is cached and the stored order is read', async () => {
        const [cached, read, stored] = await afterChange(async () => (await openDatabase(place().connect())).store);
        expect(cached).toEqual([undefined, undefined]);
        expect(read).toEqual(stored);
      });
    });

    test('a change that was rolled back is not read', async () => {
      const { store } = await openDatabase(place().connect());
      const [order] = await storedOrders(store);
      await store.orders.get(order.terms.id);
      const failing = store.transaction(async (tx) => {
        await tx.orders.placePayment(payment(order));
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await store.orders.get(order.terms.id)).toEqual(order);
      await store.close();
    });
  },
  [IN_FILE],
);

describe('the read cache', () => {
  const orderOf = (id: string): Order => ({ terms: { id } }) as unknown as Order;
  const id = (text: string): OrderId => text as OrderId;

  test('does not cache what was read before a change', () => {
    let others = 0;
    const cache = new ReadCache(() => others);
    const beforeOurs = cache.ticket();
    cache.changed();
    cache.cacheOrder(orderOf('a'), beforeOurs);
    expect(cache.order(id('a'))).toBeUndefined();
    const beforeTheirs = cache.ticket();
    others += 1;
    cache.cacheOrder(orderOf('a'), beforeTheirs);
    cache.cacheTip(blockOf(1), beforeTheirs);
    expect([cache.order(id('a')), cache.tip()]).toEqual([undefined, undefined]);
    cache.cacheOrder(orderOf('a'), cache.ticket());
    expect(cache.order(id('a'))).toBeDefined();
  });

  test('holds at most 2,000 orders, and evicts the oldest', () => {
    const cache = new ReadCache(() => 0);
    for (let n = 0; n <= 2_000; n += 1) cache.cacheOrder(orderOf(`order ${n}`), cache.ticket());
    expect(cache.order(id('order 0'))).toBeUndefined();
    expect(cache.order(id('order 1'))).toBeDefined();
    expect(cache.order(id('order 2000'))).toBeDefined();
  });
});
