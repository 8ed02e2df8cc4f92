import { afterEach, describe, expect, test, vi } from 'vitest';
import { ON_POSTGRES, onEveryPlace, openDatabase } from '../../../test/support/every-database.ts';
import { blockOf, judged, NOON, sampleCallback, storedOrders } from '../../../test/support/samples.ts';
import { endpointOf } from '../../callbacks/endpoint.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { Ids, Notifications } from '../ports/notifications.ts';
import type { Store } from '../ports/store.ts';
import { SharedReadCache } from './shared-read-cache.ts';

const log = { info: () => {}, warn: () => {} };
const orderOf = (name: string): Order => ({ terms: { id: name } }) as unknown as Order;
const id = (name: string): OrderId => name as OrderId;

describe('the cache of reads that others may change', () => {
  interface Tested {
    readonly cache: SharedReadCache;
    readonly trust: { areTrusted: boolean; losses: number };
    readonly changed: Emitter<Ids<OrderId>>;
    readonly tipMoved: Emitter<void>;
    /** Passes time; two readings never begin at the same one. */
    pass(ms: number): void;
    /** Caches an order and then the tip, as a request does. */
    read(name: string): void;
  }

  function trusted(): Tested {
    let now = 1_000;
    const cache = new SharedReadCache(() => now);
    const trust = { areTrusted: true, losses: 1 };
    const [changed, tipMoved] = [new Emitter<Ids<OrderId>>(), new Emitter<void>()];
    const channel = <Event>(emitter: Emitter<Event>) => ({
      on: (listener: (event: Event) => void) => emitter.on(listener),
      publish: () => {},
    });
    cache.trust(
      Object.defineProperties({} as Notifications, {
        areTrusted: { get: () => trust.areTrusted },
        losses: { get: () => trust.losses },
        ordersChanged: { value: channel(changed) },
        tipMoved: { value: channel(tipMoved) },
      }),
    );
    const pass = (ms: number): void => void (now += ms);
    // It learns of the trust.
    cache.ticket();
    pass(1);
    const read = (name: string): void => {
      pass(1);
      cache.cacheOrder(orderOf(name), cache.ticket());
      pass(1);
      cache.cacheTip(blockOf(1), cache.ticket());
    };
    return { cache, trust, changed, tipMoved, pass, read };
  }

  const cachedOf = ({ cache }: Tested, ...names: string[]): unknown[] =>
    names.map((name) => cache.order(id(name)) !== undefined && cache.tip() !== undefined);

  test('serves a value for two seconds from when its reading began', () => {
    const tested = trusted();
    tested.read('a');
    tested.pass(1_998);
    expect(cachedOf(tested, 'a')).toEqual([true]);
    tested.pass(1);
    expect([tested.cache.order(id('a')), tested.cache.tip()]).toEqual([undefined, blockOf(1)]);
    tested.pass(1);
    expect(tested.cache.tip()).toBeUndefined();
  });

  test.each(['order', 'tip'] as const)(
    'serves no %s from before notifications were lost, whichever is asked for first',
    (asked) => {
      const tested = trusted();
      tested.read('a');
      tested.trust.losses += 1;
      expect(asked === 'order' ? tested.cache.order(id('a')) : tested.cache.tip()).toBeUndefined();
    },
  );

  test('a slow reading is as old as its beginning', () => {
    const { cache, pass } = trusted();
    const ticket = cache.ticket();
    pass(1_999);
    cache.cacheOrder(orderOf('a'), ticket);
    expect(cache.order(id('a'))).toBeDefined();
    pass(1);
    expect(cache.order(id('a'))).toBeUndefined();
  });

  test('drops what others have changed, and nothing else', () => {
    const tested = trusted();
    for (const name of ['a', 'b', 'c']) tested.read(name);
    tested.changed.emit([id('a'), id('c')]);
    expect(cachedOf(tested, 'a', 'b', 'c')).toEqual([false, true, false]);
    tested.tipMoved.emit();
    expect([tested.cache.order(id('b')), tested.cache.tip()]).toEqual([orderOf('b'), undefined]);
    tested.changed.emit('all');
    expect(tested.cache.order(id('b'))).toBeUndefined();
  });

  test.each<[string, (tested: Tested) => void]>([
    ['the order by another process', ({ changed }) => changed.emit([id('a')])],
    ['too many orders to name', ({ changed }) => changed.emit('all')],
    ['something by this process', ({ cache }) => cache.changed()],
    ['the order, as a claim shows', ({ cache }) => cache.dropOrders([id('a')])],
    [
      'more orders than are remembered',
      ({ cache }) => cache.dropOrders(Array.from({ length: 2_000 }, (_, n) => id(`order ${n}`)).concat(id('a'), id('b'))),
    ],
  ])('does not cache what was read before a change of %s', (_, change) => {
    const tested = trusted();
    const ticket = tested.cache.ticket();
    tested.pass(1);
    change(tested);
    tested.pass(1);
    tested.cache.cacheOrder(orderOf('a'), ticket);
    expect(tested.cache.order(id('a'))).toBeUndefined();
    tested.read('a');
    expect(cachedOf(tested, 'a')).toEqual([true]);
  });

  test('does not cache a tip that was read before it moved, nor one older than the cached one', () => {
    const { cache, tipMoved, pass } = trusted();
    const [before, after] = [cache.ticket(), (pass(2), cache.ticket())];
    pass(1);
    cache.cacheTip(blockOf(2), after);
    cache.cacheTip(blockOf(1), before);
    expect(cache.tip()).toEqual(blockOf(2));
    tipMoved.emit();
    cache.cacheTip(blockOf(2), after);
    expect(cache.tip()).toBeUndefined();
  });

  test('serves no order with a tip that was read before it: its payments may be in a later block', () => {
    const tested = trusted();
    tested.read('a');
    tested.pass(1);
    tested.cache.cacheOrder(orderOf('b'), tested.cache.ticket());
    expect([tested.cache.order(id('a')), tested.cache.order(id('b'))]).toEqual([orderOf('a'), undefined]);
    tested.pass(1);
    tested.cache.cacheTip(blockOf(2), tested.cache.ticket());
    expect(tested.cache.order(id('b'))).toEqual(orderOf('b'));
  });

  test('neither serves nor caches anything while notifications are not trusted, and keeps nothing from before', () => {
    const tested = trusted();
    tested.read('a');
    const ticket = tested.cache.ticket();
    tested.trust.areTrusted = false;
    expect(cachedOf(tested, 'a')).toEqual([false]);
    const untrusted = tested.cache.ticket();
    tested.read('b');
    tested.trust.areTrusted = true;
    tested.trust.losses += 1;
    tested.pass(1);
    tested.cache.cacheOrder(orderOf('c'), ticket);
    tested.cache.cacheOrder(orderOf('d'), untrusted);
    expect(cachedOf(tested, 'a', 'b', 'c', 'd')).toEqual([false, false, false, false]);
    tested.read('a');
    expect(cachedOf(tested, 'a')).toEqual([true]);
  });
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

await onEveryPlace(
  'shared-read-cache.test.ts',
  (place) => {
    interface Process {
      readonly store: Store;
      readonly notifications: Notifications;
    }

    async function open(): Promise<Process> {
      const { store } = await openDatabase(place().connect());
      const notifications = store.openNotifications(log);
      if (notifications === undefined) throw new Error('expected notifications');
      closing.push(
        () => store.close(),
        () => notifications.close(),
      );
      await vi.waitFor(() => expect(notifications.areTrusted).toBe(true));
      return { store, notifications };
    }

    const cancel = ({ store }: Process, order: Order): Promise<void> => {
      const state = { status: 'cancelled', cancelledAt: order.terms.createdAt } as const;
      return store.transaction((tx) => tx.orders.update({ ...order, state }, judged({ blockchainStatus: 'cancelled' })));
    };

    /** Reads until the order is cached: on a busy machine notifications may not be trusted for a moment. */
    async function cached({ store }: Process, order: Order): Promise<void> {
      await vi.waitFor(async () => {
        await store.orders.get(order.terms.id);
        await store.chain.tip();
        expect(store.cached.order(order.terms.id)).toBeDefined();
      });
    }

    test('an order is dropped when this process changes it', async () => {
      const here = await open();
      const [order] = await storedOrders(here.store);
      await cached(here, order);
      await cancel(here, order);
      expect(here.store.cached.order(order.terms.id)).toBeUndefined();
      expect((await here.store.orders.get(order.terms.id))?.state.status).toBe('cancelled');
    });

    test('an order and the tip are dropped when another process notifies of their changes', async () => {
      const [here, there] = [await open(), await open()];
      const [order] = await storedOrders(here.store);
      await here.store.chain.append([blockOf(1)]);
      await cached(here, order);
      await cancel(there, order);
      await there.store.chain.append([blockOf(2)]);
      there.notifications.ordersChanged.publish([order.terms.id]);
      there.notifications.tipMoved.publish();
      await vi.waitFor(() =>
        expect([here.store.cached.order(order.terms.id), here.store.cached.tip()]).toEqual([undefined, undefined]),
      );
      expect((await here.store.orders.get(order.terms.id))?.state.status).toBe('cancelled');
      expect(await here.store.chain.tip()).toEqual(blockOf(2));
    });

    test('a change of which nobody notifies is read in the end', async () => {
      const [here, there] = [await open(), await open()];
      const [order] = await storedOrders(here.store);
      await cached(here, order);
      await cancel(there, order);
      await vi.waitFor(async () => expect((await here.store.orders.get(order.terms.id))?.state.status).toBe('cancelled'));
    });

    test('an order is dropped when one of its callbacks is claimed here', async () => {
      const [here, there] = [await open(), await open()];
      const [order] = await storedOrders(here.store);
      const callback = sampleCallback(order);
      await there.store.callbacks.insert([callback]);
      await cached(here, order);
      await cancel(there, order);
      const claimed = await here.store.transaction((tx) =>
        tx.callbacks.claim({
          now: plusMs(NOON, 1),
          until: plusMs(NOON, 30_000),
          claimant: 'here',
          posId: order.terms.posId,
          endpoint: endpointOf(callback.url ?? ''),
          kind: 'fresh',
          limit: 10,
        }),
      );
      expect(claimed.map(({ id: claimedId }) => claimedId)).toEqual([callback.id]);
      expect(here.store.cached.order(order.terms.id)).toBeUndefined();
      expect((await here.store.orders.get(order.terms.id))?.state.status).toBe('cancelled');
    });

    test('nothing is cached when the notifications are closed, or have never been opened', async () => {
      const here = await open();
      const [order] = await storedOrders(here.store);
      await cached(here, order);
      await here.notifications.close();
      expect(here.store.cached.order(order.terms.id)).toBeUndefined();
      const { store } = await openDatabase(place().connect());
      closing.push(() => store.close());
      await store.orders.get(order.terms.id);
      expect(store.cached.order(order.terms.id)).toBeUndefined();
    });
  },
  [ON_POSTGRES],
);
