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
    test('nothing is at hand, since nothing tells what others have changed', async () => {
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
    test('an order and the tip that were read are at hand, the very same', async () => {
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

    test('another order that is made leaves them at hand', async () => {
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
      ['a state', (tx, order) => tx.orders.update({ ...order, state: { status: 'pending', coveredAt: null } }, judged())],
      ['a payment', (tx, order) => tx.orders.placePayment(samplePayment(order, `${order.terms.id} second`))],
      ['a place', (tx, order) => tx.orders.setPlace(payment(order).outPoint, { kind: 'gone', reason: { kind: 'dropped' } })],
      ['a block undone', (tx) => tx.orders.undoBlock(blockOf(1))],
      ['deadlines', (tx, order) => tx.orders.reschedule(order.terms.id, {}, order.terms.expiresAt)],
      ['payments forgotten', (tx, order) => tx.orders.forgetPayments(order.terms.id)],
      ['a new tip', (tx) => tx.chain.append([blockOf(2)])],
      ['a lower tip', (tx) => tx.chain.undoFrom(1)],
    ];
    describe.each(changes)('after a change of %s', (_, change) => {
      /** What is at hand after the change, and what is read then, beside what is stored. */
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

      test('by this store nothing is at hand, and what is read is what was stored', async () => {
        const [cached, read, stored] = await afterChange(async (reader) => reader);
        expect(cached).toEqual([undefined, undefined]);
        expect(read).toEqual(stored);
      });

      test('by another connection nothing is at hand, and what is read is what was stored', async () => {
        const [cached, read, stored] = await afterChange(async () => (await openDatabase(place().connect())).store);
        expect(cached).toEqual([undefined, undefined]);
        expect(read).toEqual(stored);
      });
    });

    test('a change that was taken back leaves what is stored', async () => {
      const { store } = await openDatabase(place().connect());
      const [order] = await storedOrders(store);
      await store.orders.get(order.terms.id);
      const failing = store.transaction(async (tx) => {
        await tx.orders.placePayment(payment(order));
        throw new Error('taken back');
      });
      await expect(failing).rejects.toThrow('taken back');
      expect(await store.orders.get(order.terms.id)).toEqual(order);
      await store.close();
    });
  },
  [IN_FILE],
);

describe('what is kept', () => {
  const orderOf = (id: string): Order => ({ terms: { id } }) as unknown as Order;
  const id = (text: string): OrderId => text as OrderId;

  test('is not what was read before a change and would be kept after it', () => {
    let others = 0;
    const kept = new ReadCache(() => others);
    const beforeOurs = kept.ticket();
    kept.changed();
    kept.keepOrder(orderOf('a'), beforeOurs);
    expect(kept.order(id('a'))).toBeUndefined();
    const beforeTheirs = kept.ticket();
    others += 1;
    kept.keepOrder(orderOf('a'), beforeTheirs);
    kept.keepTip(blockOf(1), beforeTheirs);
    expect([kept.order(id('a')), kept.tip()]).toEqual([undefined, undefined]);
    kept.keepOrder(orderOf('a'), kept.ticket());
    expect(kept.order(id('a'))).toBeDefined();
  });

  test('is at most 2,000 orders, the oldest let go first', () => {
    const kept = new ReadCache(() => 0);
    for (let n = 0; n <= 2_000; n += 1) kept.keepOrder(orderOf(`order ${n}`), kept.ticket());
    expect(kept.order(id('order 0'))).toBeUndefined();
    expect(kept.order(id('order 1'))).toBeDefined();
    expect(kept.order(id('order 2000'))).toBeDefined();
  });
});
