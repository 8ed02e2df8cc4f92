import { beforeEach, describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { sampleCallback, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import type { CallbackId } from '../../../kernel/ids.ts';
import type { Order } from '../../../orders/order.ts';
import type { FeedEnd } from '../../ports/callback-store.ts';

await onEveryDatabase('event-feed-end.test.ts', (database) => {
  let order: Order;
  beforeEach(async () => {
    order = await storedOrder();
  });

  const storedOrder = async (pos?: Awaited<ReturnType<typeof storedPos>>): Promise<Order> => {
    const stored = sampleOrder(pos ?? (await storedPos(database.store)));
    await database.store.orders.insert(stored);
    return stored;
  };
  const store = async (count: number, of = order): Promise<CallbackId[]> => {
    const events = Array.from({ length: count }, () => sampleCallback(of));
    await database.store.callbacks.insert(events);
    return events.map(({ id }) => id);
  };
  const end = (limit: number): Promise<FeedEnd> =>
    database.store.transaction((tx) => tx.callbacks.feedEnd(order.terms.posId, limit));
  const idsAfter = async (position: number): Promise<CallbackId[]> => {
    const found = await database.store.transaction((tx) => tx.callbacks.feed(order.terms.posId, position, 1_000));
    return found.map(({ callback }) => callback.id);
  };

  describe('the end of a feed', () => {
    test('comes before the first event of a POS that has none', async () => {
      expect(await end(9)).toEqual({ isReached: true, newest: undefined });
      const ids = await store(2);
      expect(await idsAfter(0)).toEqual(ids);
    });

    test('is the newest event, whether it had a position or not, and everything stored later follows', async () => {
      const [, second] = await store(2);
      expect(await end(9)).toMatchObject({ isReached: true, newest: { position: 2, id: second } });
      expect(await end(9)).toMatchObject({ isReached: true, newest: { position: 2 } });
      await store(3, await storedOrder());
      const later = await store(2);
      expect(await idsAfter(2)).toEqual(later);
      expect(await end(9)).toMatchObject({ newest: { position: 4, id: later[1] } });
    });

    test('is reached a batch at a time, and the events keep the order in which a reader would have had them', async () => {
      const ids = await store(5);
      expect([await end(2), await end(2)]).toEqual([{ isReached: false }, { isReached: false }]);
      expect(await end(2)).toMatchObject({ isReached: true, newest: { position: 5, id: ids[4] } });
      expect(await idsAfter(0)).toEqual(ids);
    });

    test('never skips an event that is stored later, nor precedes one stored before, however transactions overlap', async () => {
      const pos = await storedPos(database.store);
      const orders = await Promise.all(Array.from({ length: 6 }, () => storedOrder(pos)));
      order = orders[0]!;
      const committed: CallbackId[] = [];
      const begun: CallbackId[] = [];
      let writing = true;
      const write = async (of: Order): Promise<void> => {
        for (let n = 0; n < 6; n += 1) {
          const event = sampleCallback(of);
          begun.push(event.id);
          await database.store.transaction(async (tx) => {
            await tx.orders.lock(of.terms.id);
            await tx.callbacks.insert([event]);
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          });
          committed.push(event.id);
        }
      };
      const ends: { readonly position: number; readonly before: number; readonly answeredAt: number }[] = [];
      const readEnds = async (limit: number): Promise<void> => {
        for (let isLast = false; !isLast; isLast = !writing) {
          const before = committed.length;
          const found = await end(limit);
          if (found.isReached) ends.push({ position: found.newest?.position ?? 0, before, answeredAt: begun.length });
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      const readers = [readEnds(3), readEnds(50)];
      await Promise.all(orders.map(write));
      writing = false;
      await Promise.all(readers);
      const feed = await idsAfter(0);
      expect(feed.toSorted()).toEqual(committed.toSorted());
      expect(ends.filter(({ position }) => position < feed.length)).not.toEqual([]);
      for (const { position, before, answeredAt } of ends) {
        const following = new Set(feed.slice(position));
        expect(committed.slice(0, before).filter((id) => following.has(id))).toEqual([]);
        expect(begun.slice(answeredAt).filter((id) => !following.has(id))).toEqual([]);
      }
    });
  });
});
