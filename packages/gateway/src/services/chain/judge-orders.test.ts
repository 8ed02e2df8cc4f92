/** Orders are judged in pages, and a block judges only the orders that it can change. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { replaced } from '../../../test/support/crashing-store.ts';
import { onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { TTL_MS, World } from '../../../test/support/world.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { OrderStore } from '../../store/ports/order-store.ts';
import type { Store, StoreTransaction } from '../../store/ports/store.ts';
import { ChainFollowing } from './follow-chain.ts';
import { JUDGE_PAGE } from './judge-orders.ts';

interface Pages {
  readonly store: Store;
  /** The orders of each page since the last call. */
  take(): OrderId[][];
  /** Lets the transaction of the n-th page from now on fail before its commit. */
  failAt(n: number): void;
}

/** A store that records the orders that each of its transactions judged. */
function recording(store: Store): Pages {
  let pages: OrderId[][] = [];
  let pagesUntilFault = 0;
  const recorded = (tx: StoreTransaction): StoreTransaction => {
    const lockMany: OrderStore['lockMany'] = (ids) => {
      if (ids.length > 0) pages.push([...ids]);
      return tx.orders.lockMany(ids);
    };
    const orders = replaced(tx.orders, (name, member) => {
      if (name === 'lockMany') return lockMany;
      return typeof member === 'function' ? (...given: unknown[]) => Reflect.apply(member, tx.orders, given) as unknown : member;
    });
    return replaced(tx, (name, member) => (name === 'orders' ? orders : member));
  };
  const transaction: Store['transaction'] = (work) =>
    store.transaction(async (tx) => {
      const before = pages.length;
      const result = await work(recorded(tx));
      if (pages.length > before && pagesUntilFault > 0) {
        pagesUntilFault -= 1;
        if (pagesUntilFault === 0) throw new Error('the database was cut off');
      }
      return result;
    });
  return {
    store: replaced(store, (name, member) => (name === 'transaction' ? transaction : member)),
    take: () => {
      const taken = pages;
      pages = [];
      return taken;
    },
    failAt: (n) => {
      pagesUntilFault = n;
    },
  };
}

await onEveryDatabase('judge-orders.test.ts', (database: TestDatabase) => {
  let pages: Pages;
  beforeAll(() => {
    pages = recording(database.store);
  });
  const manyOrders = async (world: World, count: number): Promise<Order[]> =>
    Promise.all(Array.from({ length: count }, () => world.order('10.00', { requiredConfirmations: 1 })));
  const eventsOf = async (world: World, orders: readonly Order[]): Promise<string[]> =>
    (await Promise.all(orders.map((order) => world.events(order)))).flat();

  describe('many orders', () => {
    it('expire in pages, each in its own transaction', async () => {
      await using world = await World.open({ sql: database.store, store: pages.store });
      const orders = await manyOrders(world, 2 * JUDGE_PAGE + 20);
      world.clock.advance(TTL_MS);
      pages.take();
      await world.round();
      expect(pages.take().map((page) => page.length)).toEqual([JUDGE_PAGE, JUDGE_PAGE, 20]);
      expect(await eventsOf(world, orders)).toEqual(orders.map(() => 'expired'));
    });

    it('that one block pays are judged in pages, each order once', async () => {
      await using world = await World.open({ sql: database.store, store: pages.store });
      const orders = await manyOrders(world, JUDGE_PAGE + 30);
      for (const order of orders) await world.pay(order);
      await world.mine();
      pages.take();
      await world.round();
      expect(pages.take().map((page) => page.length)).toEqual([JUDGE_PAGE, 30]);
      expect(await eventsOf(world, orders)).toEqual(orders.map(() => 'completed'));
    });

    it.each([1, 2])('are each judged once if page %i fails and another process continues', async (page) => {
      await using world = await World.open({ sql: database.store, store: pages.store, retryMs: 60_000 });
      const orders = await manyOrders(world, JUDGE_PAGE + 30);
      for (const order of orders) await world.pay(order);
      await world.mine();
      pages.failAt(page);
      const failed = vi.waitFor(() => expect(world.warnings).not.toEqual([]), { timeout: 60_000 });
      await Promise.race([world.round(), failed]).catch(() => undefined);
      expect(await eventsOf(world, orders)).toHaveLength((page - 1) * JUDGE_PAGE);
      await world.restart();
      await world.round();
      expect(await eventsOf(world, orders)).toEqual(orders.map(() => 'completed'));
    });
  });

  describe('a block', () => {
    it('judges an order only if it confirms or buries a payment of it', async () => {
      await using world = await World.open({ sql: database.store, store: pages.store, finalDepth: 6 });
      const order = await world.order('10.00', { requiredConfirmations: 3 });
      await world.pay(order);
      await world.round();
      pages.take();
      const judgedAt: number[] = [];
      for (let confirmations = 1; confirmations <= 8; confirmations += 1) {
        await world.mine();
        await world.round();
        if (pages.take().length > 0) judgedAt.push(confirmations);
      }
      expect(judgedAt).toEqual([1, 3, 6]);
      expect(await world.events(order)).toEqual(['completed']);
      expect(await database.store.orders.watchedIds()).toEqual([]);
    });

    it('that makes the tip lower takes confirmations from payments in the remaining blocks', async () => {
      await using world = await World.open({ sql: database.store });
      const order = await world.order('10.00', { requiredConfirmations: 3 });
      await world.pay(order);
      await world.mine(3);
      await world.round();
      const tip = (await database.store.chain.recent(1))[0]!;
      const following = new ChainFollowing(world.context, world.watched, world.refunds, {
        outPoints: world.outPoints,
        missingTimeoutMs: world.missingTimeoutMs,
        log: world.log,
      });
      const now = world.clock.now();
      await following.apply({
        readAt: now,
        knownUntil: now,
        storedTip: tip.hash,
        undo: [{ ...tip, matches: [] }],
        apply: [],
        again: [],
        mempool: { placeOf: () => 'waiting', matches: [], ancestors: new Map(), spenders: new Map() },
      });
      expect(await world.events(order)).toEqual(['completed', 'dispute.start']);
      await world.round();
      expect(await world.events(order)).toEqual(['completed', 'dispute.start', 'dispute.end']);
    });
  });
});
