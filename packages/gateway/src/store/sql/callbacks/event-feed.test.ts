/** The event feed of a POS while several transactions are open, which SQLite does not allow. */
import { expect, test } from 'vitest';
import { ON_POSTGRES, onEveryDatabase } from '../../../../test/support/every-database.ts';
import { NOON, SAMPLE_ATTEMPT, sampleCallback, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import { plusMs, type EpochMs } from '../../../kernel/clock.ts';
import type { Order } from '../../../orders/order.ts';

const after = (durationMs: number): EpochMs => plusMs(NOON, durationMs);

await onEveryDatabase(
  'event-feed.test.ts',
  (database) => {
    const readFeed = (order: Order, afterPosition: number): Promise<number[]> =>
      database.store
        .transaction((tx) => tx.callbacks.feed(order.terms.posId, afterPosition, 100))
        .then((found) => found.map(({ callback }) => callback.createdAt));

    test('the feed puts an event that was stored first and committed last after what has been read', async () => {
      const pos = await storedPos(database.store);
      const [slow, quick] = [sampleOrder(pos), sampleOrder(pos)];
      for (const order of [slow, quick]) await database.store.orders.insert(order);
      const stored = latch();
      const mayCommit = latch();
      const committed = database.store.transaction(async (tx) => {
        await tx.callbacks.insert([sampleCallback(slow, { createdAt: after(1) })]);
        stored.resolve();
        await mayCommit.promise;
      });
      await stored.promise;
      await database.store.callbacks.insert([sampleCallback(quick, { createdAt: after(2) })]);
      // Does not wait for the open transaction, and passes no position that its event will get.
      expect(await readFeed(quick, 0)).toEqual([after(2)]);
      mayCommit.resolve();
      await committed;
      expect(await readFeed(quick, 1)).toEqual([after(1)]);
      expect(await readFeed(quick, 0)).toEqual([after(2), after(1)]);
    });

    test('ends before an event that was stored first and committed last', async () => {
      const pos = await storedPos(database.store);
      const [slow, quick] = [sampleOrder(pos), sampleOrder(pos)];
      for (const order of [slow, quick]) await database.store.orders.insert(order);
      const stored = latch();
      const mayCommit = latch();
      const committed = database.store.transaction(async (tx) => {
        await tx.callbacks.insert([sampleCallback(slow, { createdAt: after(1) })]);
        stored.resolve();
        await mayCommit.promise;
      });
      await stored.promise;
      const event = sampleCallback(quick, { createdAt: after(2) });
      await database.store.callbacks.insert([event]);
      const end = await database.store.transaction((tx) => tx.callbacks.feedEnd(pos.id, 100));
      expect(end).toEqual({ isReached: true, newest: { position: 1, id: event.id } });
      mayCommit.resolve();
      await committed;
      expect(await readFeed(quick, 1)).toEqual([after(1)]);
    });

    test('reading the feed and storing the outcomes of several orders cannot deadlock', async () => {
      const pos = await storedPos(database.store);
      const orders = Array.from({ length: 20 }, () => sampleOrder(pos));
      for (const order of orders) await database.store.orders.insert(order);
      // The events are older the later their order sorts, so locking by age and locking by order would collide.
      const sorted = orders.map(({ terms }) => terms.id).sort();
      const age = (order: Order): number => sorted.length - sorted.indexOf(order.terms.id);
      const events = orders.map((order) => sampleCallback(order, { createdAt: after(age(order)) }));
      await database.store.callbacks.insert(events);
      const byOrder = events.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
      const claim = {
        now: after(100),
        until: after(30_000),
        limit: 100,
        claimant: 'me',
        posId: pos.id,
        endpoint: 'https://shop.example',
      };
      await database.store.callbacks.claim({ ...claim, kind: 'fresh' });
      const halfWay = latch();
      const storing = database.store.transaction(async (tx) => {
        for (const [n, { id, orderId }] of byOrder.entries()) {
          if (n === 10) {
            halfWay.resolve();
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          const end = { outcome: { kind: 'delivered', at: after(1) } as const, record: SAMPLE_ATTEMPT };
          await tx.callbacks.finish([{ callback: { id, orderId }, end }], 'me');
        }
      });
      await halfWay.promise;
      expect(await readFeed(orders[0]!, 0)).toHaveLength(20);
      await storing;
    });
  },
  [ON_POSTGRES],
);

/** A promise that is resolved from outside. */
function latch(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((open) => (resolve = open));
  return { promise, resolve };
}
