import { beforeEach, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import {
  judged,
  MINUTE_MS,
  NOON,
  SAMPLE_ATTEMPT,
  sampleCallback,
  sampleOrder,
  storedPos,
} from '../../../../test/support/samples.ts';
import type { PendingCallback } from '../../../callbacks/callback.ts';
import { plusMs, type EpochMs } from '../../../kernel/clock.ts';
import type { CallbackId } from '../../../kernel/ids.ts';
import type { Order } from '../../../orders/order.ts';
import type { Pos } from '../../../merchants/pos.ts';

const OLD = NOON;
const YOUNG = plusMs(NOON, 10 * MINUTE_MS);
const BEFORE = plusMs(NOON, 5 * MINUTE_MS);

await onEveryDatabase('prune-events.test.ts', (database) => {
  let shop: Pos;
  /** The feed has events in the order of their times. */
  let stored = 0;
  beforeEach(async () => {
    shop = await storedPos(database.store);
  });

  /** Stores events of a new order that may not change any more, by default without a URL. */
  async function eventsOf(...changes: Partial<PendingCallback>[]): Promise<{ order: Order; ids: CallbackId[] }> {
    const order = sampleOrder(shop);
    await database.store.orders.insert(order);
    await database.store.orders.update(order, judged());
    const events = changes.map((change) => sampleCallback(order, { url: null, createdAt: plusMs(OLD, ++stored), ...change }));
    await database.store.callbacks.insert(events);
    return { order, ids: events.map(({ id }) => id) };
  }
  const prunePage = (limit: number): Promise<boolean> =>
    database.store.transaction((tx) => tx.callbacks.pruneEvents(shop.id, { before: BEFORE, limit }));
  async function prune(limit = 100): Promise<number> {
    for (let pages = 1; ; pages += 1) if (!(await prunePage(limit))) return pages;
  }
  const feed = async (after = 0): Promise<CallbackId[]> =>
    (await database.store.transaction((tx) => tx.callbacks.feed(shop.id, after, 100))).map(({ callback }) => callback.id);
  async function deliver(at: EpochMs): Promise<void> {
    const claim = { now: at, until: plusMs(at, MINUTE_MS), claimant: 'me', limit: 9, kind: 'fresh' } as const;
    const claimed = await database.store.callbacks.claim({ ...claim, posId: shop.id, endpoint: 'https://shop.example' });
    const end = { outcome: { kind: 'delivered', at }, record: SAMPLE_ATTEMPT } as const;
    await database.store.transaction((tx) =>
      tx.callbacks.finish(
        claimed.map((callback) => ({ callback, end })),
        'me',
      ),
    );
  }

  test('deletes old events with their attempts in pages, and records the last one', async () => {
    const url = 'https://shop.example/';
    const { ids } = await eventsOf({ url });
    await deliver(plusMs(OLD, MINUTE_MS));
    const more = await eventsOf({}, {});
    const young = await eventsOf({ createdAt: YOUNG });
    expect(await feed()).toEqual([...ids, ...more.ids, ...young.ids]);
    expect(await prunePage(2)).toBe(true);
    expect(await feed()).toHaveLength(2);
    expect(await prunePage(2)).toBe(false);
    expect(await feed()).toEqual(young.ids);
    expect(await database.db.selectFrom('callback_attempts').selectAll().execute()).toEqual([]);
    expect(await database.store.callbacks.prunedEvent(shop.id)).toEqual({ position: 3, id: more.ids[1] });
  });

  test('deletes bodies that an earlier version stored', async () => {
    const { ids } = await eventsOf({});
    await database.db.insertInto('callback_bodies').values({ callback_id: ids[0]!, body: '{}' }).execute();
    await prune();
    expect(await database.db.selectFrom('callback_bodies').selectAll().execute()).toEqual([]);
    expect(await feed()).toEqual([]);
  });

  test('gives the events of a feed that nobody has read their positions, so that none disappears unnoticed', async () => {
    const { ids } = await eventsOf({}, {}, {});
    const young = await eventsOf({ createdAt: YOUNG });
    await prune(2);
    expect(await database.store.callbacks.prunedEvent(shop.id)).toEqual({ position: 3, id: ids[2] });
    expect(await feed()).toEqual(young.ids);
    expect(await feed(3)).toEqual(young.ids);
  });

  test('assigns no positions while no event is old', async () => {
    await eventsOf({ createdAt: YOUNG });
    await prune();
    expect(await database.db.selectFrom('callbacks').select('feed_position').execute()).toEqual([{ feed_position: null }]);
  });

  test.each<[string, (order: Order, ids: readonly CallbackId[]) => Promise<unknown>]>([
    [
      'is still to be delivered',
      (_, [id]) => database.db.updateTable('callbacks').set({ status: 'waiting' }).where('id', '=', id!).execute(),
    ],
    [
      'was delivered lately',
      (_, [id]) => database.db.updateTable('callbacks').set({ ended_at: YOUNG }).where('id', '=', id!).execute(),
    ],
    ['belongs to an order with a deadline', (order) => database.store.orders.update(order, judged({ deadline: YOUNG }))],
    ['belongs to an order with an unburied payment', (order) => database.store.orders.update(order, judged({ watched: true }))],
    ['belongs to an order to be judged', (order) => database.store.orders.update(order, judged({ judgeAtHeight: 7 }))],
  ])('keeps an old event that %s, and all after it', async (_, keep) => {
    const first = await eventsOf({});
    const { order, ids } = await eventsOf({});
    const later = await eventsOf({});
    await keep(order, ids);
    await feed();
    await prune();
    expect(await feed()).toEqual([...ids, ...later.ids]);
    expect(await database.store.callbacks.prunedEvent(shop.id)).toEqual({ position: 1, id: first.ids[0] });
  });

  test('an order whose events are pruned has later events, and the feed knows where it ends', async () => {
    const { order, ids } = await eventsOf({}, {});
    const end = (): Promise<unknown> => database.store.transaction((tx) => tx.callbacks.feedEnd(shop.id, 10));
    await end();
    await prune();
    expect(await end()).toEqual({ isReached: true, newest: { position: 2, id: ids[1] } });
    const late = sampleCallback(order, { url: null, createdAt: YOUNG });
    await database.store.callbacks.insert([late]);
    expect(await feed(2)).toEqual([late.id]);
  });

  test("leaves another POS's events", async () => {
    const mine = await eventsOf({});
    shop = await storedPos(database.store);
    const theirs = await eventsOf({});
    await prune();
    expect(await database.store.callbacks.get(mine.ids[0]!)).toBeDefined();
    expect(await database.store.callbacks.get(theirs.ids[0]!)).toBeUndefined();
  });
});
