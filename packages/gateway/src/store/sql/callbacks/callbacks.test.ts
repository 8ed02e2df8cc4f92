import { beforeEach, describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import {
  hashOf,
  MINUTE_MS,
  NOON,
  SAMPLE_ATTEMPT,
  sampleCallback,
  storedPos,
  sampleOrder,
} from '../../../../test/support/samples.ts';
import type { PendingCallback, StoredCallback } from '../../../callbacks/callback.ts';
import { epochMs, plusMs, type EpochMs } from '../../../kernel/clock.ts';
import { parseId, type CallbackId, type PosId } from '../../../kernel/ids.ts';
import type { Order } from '../../../orders/order.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { AttemptOutcome } from '../../ports/attempt-outcome.ts';
import type { CallbackClaim, CallbackQueue } from '../../ports/callback-store.ts';

const CLAIM_MS = 30_000;
const after = (durationMs: number): EpochMs => plusMs(NOON, durationMs);
const DELIVERED: AttemptOutcome = { kind: 'delivered', at: after(1) };
const FAILED: AttemptOutcome = { kind: 'failed', at: after(1), error: 'answered 410' };
const retryAt = (at: EpochMs): AttemptOutcome => ({ kind: 'retry', at, error: 'answered 500' });

await onEveryDatabase('callbacks.test.ts', (database) => {
  /** The POS of all orders, unless a test names another. */
  let shop: Pos;
  beforeEach(async () => {
    shop = await storedPos(database.store);
  });
  /** Stores events of a new order, as settling it does. */
  async function orderWith(...changes: Partial<PendingCallback>[]): Promise<{ order: Order; events: PendingCallback[] }> {
    return orderOf(shop, ...changes);
  }
  async function orderOf(pos: Pos, ...changes: Partial<PendingCallback>[]): Promise<{ order: Order; events: PendingCallback[] }> {
    const order = sampleOrder(pos);
    await database.store.orders.insert(order);
    const events = changes.map((change) => sampleCallback(order, change));
    await database.store.callbacks.insert(events);
    return { order, events };
  }
  /** Claims fresh callbacks first and then retries, unless a kind is given. */
  async function claimAt(now: EpochMs, { kind, ...changes }: Partial<CallbackClaim> = {}): Promise<StoredCallback[]> {
    const defaults = { now, until: plusMs(now, CLAIM_MS), limit: 32, posId: shop.id, endpoint: 'https://shop.example' };
    const claim = { ...defaults, claimant: 'me', ...changes };
    if (kind !== undefined) return database.store.callbacks.claim({ ...claim, kind });
    const fresh = await database.store.callbacks.claim({ ...claim, kind: 'fresh' });
    const limit = claim.limit - fresh.length;
    return limit === 0 ? fresh : [...fresh, ...(await database.store.callbacks.claim({ ...claim, kind: 'retries', limit }))];
  }
  const ids = (callbacks: readonly { readonly id: CallbackId }[]): CallbackId[] => callbacks.map(({ id }) => id).sort();
  const finish = async (id: CallbackId, outcome: AttemptOutcome, claimant = 'me'): Promise<boolean> => {
    const orderId = (await database.store.callbacks.get(id))?.orderId ?? parseId<Order['terms']['id']>(id);
    const ended = { callback: { id, orderId }, end: { outcome, record: SAMPLE_ATTEMPT } };
    return (await database.store.transaction((tx) => tx.callbacks.finish([ended], claimant))).has(id);
  };
  /** When the first callback of the only queue may be claimed. */
  const dueAt = async (): Promise<EpochMs | undefined> => {
    const [queue] = await database.store.callbacks.queues();
    return queue?.freshAt ?? queue?.retryAt;
  };

  describe('insert', () => {
    test('numbers the events of an order from 0, across several calls', async () => {
      const { order, events } = await orderWith({}, { event: 'payment.overpaid' });
      const later = sampleCallback(order, { event: 'payment.dispute.start' });
      await database.store.callbacks.insert([later]);
      const { order: other } = await orderWith({});
      const stored = await database.store.callbacks.ofOrder(order.terms.id);
      expect(stored.map(({ id, sequence }) => [id, sequence])).toEqual([...events, later].map(({ id }, n) => [id, n]));
      expect((await database.store.callbacks.ofOrder(other.terms.id)).map(({ sequence }) => sequence)).toEqual([0]);
    });

    test('numbers the events of many orders in one call, each after those of its own order', async () => {
      const orders = [
        await orderWith({ createdAt: after(5_000) }),
        ...(await Promise.all(Array.from({ length: 29 }, () => orderWith()))),
      ];
      const events = [{ url: null }, {}, {}].flatMap((changes) => orders.map(({ order }) => sampleCallback(order, changes)));
      await database.store.callbacks.insert(events);
      const stored = await Promise.all(orders.map(({ order }) => database.store.callbacks.ofOrder(order.terms.id)));
      const [first, ...others] = stored.map((ofOrder) => ofOrder.map(({ sequence, createdAt }) => [sequence, createdAt]));
      expect(first).toEqual([0, 1, 2, 3].map((sequence) => [sequence, after(5_000)]));
      for (const other of others) expect(other).toEqual([0, 1, 2].map((sequence) => [sequence, NOON]));
      // An event waits for an earlier one of its order that is still to be delivered, and for no other.
      const due = stored.map((ofOrder) =>
        ofOrder.flatMap(({ sequence, delivery }) =>
          delivery.status === 'waiting' && delivery.nextAttemptAt !== null ? [sequence] : [],
        ),
      );
      expect(due).toEqual([[0], ...Array.from({ length: 29 }, () => [1])]);
    });

    test.each<[string, Partial<PendingCallback>]>([
      ['an ordinary event', {}],
      ['an event with a body in several scripts', { body: '{"name":"🥨 \u2028 日本 \\u0000"}' }],
      ['an event with a body of a million characters', { body: 'é'.repeat(1_000_000) }],
    ])('stores %s unchanged and makes it due at once', async (_, changes) => {
      const { order, events } = await orderWith(changes);
      const waiting = {
        sequence: 0,
        wantedAt: NOON,
        attempts: 0,
        delivery: { status: 'waiting', nextAttemptAt: NOON, lastError: null },
      };
      expect(await database.store.callbacks.ofOrder(order.terms.id)).toEqual([{ ...events[0], ...waiting }]);
      expect(await dueAt()).toBe(NOON);
    });

    test('records an event without a URL, which is never sent and delays no other', async () => {
      const { order, events } = await orderWith({ url: null }, {});
      const [unwanted] = await database.store.callbacks.ofOrder(order.terms.id);
      expect(unwanted).toMatchObject({ url: null, delivery: { status: 'not_wanted' } });
      expect(ids(await claimAt(NOON))).toEqual([events[1]!.id]);
    });

    test('refuses events of an unknown order', async () => {
      const { order } = await orderWith();
      const stray = { ...sampleCallback(order), orderId: parseId<Order['terms']['id']>(order.terms.posId) };
      await expect(database.store.callbacks.insert([stray])).rejects.toThrow(/foreign key/i);
    });

    test('stores the body compressed, in the row of the callback', async () => {
      const { events } = await orderWith({ body: JSON.stringify({ filler: 'x'.repeat(2_000) }) });
      const { packed_body: packed } = await database.db.selectFrom('callbacks').select('packed_body').executeTakeFirstOrThrow();
      expect(packed!.length).toBeLessThan(100);
      expect(await database.db.selectFrom('callback_bodies').selectAll().execute()).toEqual([]);
      expect((await database.store.callbacks.get(events[0]!.id))?.body).toBe(events[0]!.body);
    });

    test('numbers the events of concurrent transactions that lock the same order', async () => {
      const { order } = await orderWith();
      const store = (): Promise<void> =>
        database.store.transaction(async (tx) => {
          await tx.orders.lock(order.terms.id);
          await tx.callbacks.insert([sampleCallback(order), sampleCallback(order)]);
        });
      await Promise.all(Array.from({ length: 8 }, store));
      const stored = await database.store.callbacks.ofOrder(order.terms.id);
      expect(stored.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 16 }, (_, n) => n));
    });
  });

  describe('a body', () => {
    const body = '{"event":"payment.completed","object":{"reference":"a \\u003c b"}}';
    /** Reads a callback in every way. */
    const readings = (order: Order, id: CallbackId): (() => Promise<readonly StoredCallback[]>)[] => {
      return [
        () => database.store.callbacks.ofOrder(order.terms.id),
        () =>
          database.store
            .transaction((tx) => tx.callbacks.feed(shop.id, 0, 10))
            .then((feed) => feed.map(({ callback }) => callback)),
        () => database.store.callbacks.get(id).then((callback) => [callback!]),
      ];
    };

    test('that an earlier version stored uncompressed is read as it is, and sent', async () => {
      const { order, events } = await orderWith({ body });
      const [{ id }] = events as [PendingCallback];
      await database.db.updateTable('callbacks').set({ packed_body: null }).execute();
      await database.db.insertInto('callback_bodies').values({ callback_id: id, body }).execute();
      for (const read of readings(order, id)) expect(await read()).toMatchObject([{ id, body }]);
      expect(await claimAt(NOON)).toMatchObject([{ id, body }]);
    });

    test('is the same for every attempt', async () => {
      const { events } = await orderWith({ body });
      await claimAt(NOON);
      await finish(events[0]!.id, retryAt(after(MINUTE_MS)));
      expect(await claimAt(after(MINUTE_MS))).toMatchObject([{ body, attempts: 2 }]);
    });

    test.each<[string, Uint8Array | null, RegExp]>([
      ['damaged', Buffer.from('0100000000ffff', 'hex'), /its stored body is damaged/],
      ['missing', null, /its body is missing/],
    ])('that is %s is an error that names the callback, and stops no other', async (_, packed, message) => {
      const { order, events } = await orderWith({ body }, { body });
      const other = await orderWith({ body });
      const [{ id }, later] = events as [PendingCallback, PendingCallback];
      await database.db.updateTable('callbacks').set({ packed_body: packed }).where('id', '=', id).execute();
      for (const read of readings(order, id)) {
        const error: unknown = await read().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ name: 'CorruptRowError', message: expect.stringMatching(message) as string });
        expect((error as Error).message).toContain(`callback ${id}: `);
      }
      const all = { orderId: undefined, posId: undefined, status: undefined, limit: 10 };
      expect(ids((await database.store.callbacks.list(all)).callbacks)).toEqual(ids([...events, ...other.events]));
      expect(ids(await database.store.callbacks.listedOfOrder(order.terms.id))).toEqual(ids(events));
      expect(await database.store.callbacks.listed(id)).toMatchObject({ id, event: 'payment.completed' });
      const claimed = await claimAt(NOON);
      expect(ids(claimed)).toEqual(ids(other.events));
      const given = await database.db.selectFrom('callbacks').select(['status', 'last_error']).where('id', '=', id).execute();
      expect(given).toEqual([{ status: 'failed', last_error: expect.stringMatching(message) as string }]);
      expect(ids(await claimAt(NOON))).toEqual([later.id]);
    });
  });

  describe('a claim', () => {
    test('takes due callbacks, the oldest first, up to the limit', async () => {
      const late = await orderWith({ createdAt: after(20) });
      const early = await orderWith({ createdAt: after(10) });
      await orderWith({ createdAt: after(31) });
      expect(ids(await claimAt(after(9)))).toEqual([]);
      expect(ids(await claimAt(after(30), { limit: 1 }))).toEqual(ids(early.events));
      expect(ids(await claimAt(after(30)))).toEqual(ids(late.events));
    });

    test('returns the claimed callbacks with their increased number of attempts', async () => {
      const { order, events } = await orderWith({});
      const claimed = await claimAt(NOON);
      expect(claimed).toMatchObject([{ ...events[0], attempts: 1, sequence: 0 }]);
      expect(await database.store.callbacks.ofOrder(order.terms.id)).toEqual(claimed);
    });

    test.each<[string, AttemptOutcome, boolean]>([
      ['may be claimed once the earlier one is delivered', DELIVERED, true],
      ['may be claimed once the earlier one is given up', FAILED, true],
      ['may not be claimed while the earlier one is retried', retryAt(after(MINUTE_MS)), false],
    ])("on an order's later event %s", async (_, outcome, frees) => {
      const { events } = await orderWith({}, {}, {});
      const other = await orderWith({});
      expect(ids(await claimAt(NOON))).toEqual(ids([events[0]!, other.events[0]!]));
      expect(ids(await claimAt(after(1)))).toEqual([]);
      expect(await finish(events[0]!.id, outcome)).toBe(true);
      expect(ids(await claimAt(after(2)))).toEqual(frees ? [events[1]!.id] : []);
      const abandoned = other.events;
      const next = frees ? events[1]! : events[0]!;
      expect(ids(await claimAt(after(MINUTE_MS)))).toEqual(ids([next, ...abandoned]));
    });

    test('that is released leaves the callback due at once, unless another claimant has taken it', async () => {
      const [given, lost] = [(await orderWith({})).events[0]!, (await orderWith({})).events[0]!];
      await claimAt(NOON, { claimant: 'me' });
      const taken = await claimAt(after(CLAIM_MS), { claimant: 'another', limit: 1 });
      const [other, mine] = taken[0]!.id === given.id ? [given, lost] : [lost, given];
      await database.store.callbacks.release([given.id, lost.id], 'me', after(CLAIM_MS + 5));
      expect(await dueAt()).toBe(after(CLAIM_MS + 5));
      const again = await claimAt(after(CLAIM_MS + 5));
      expect(again).toMatchObject([{ id: mine.id, attempts: 1 }]);
      expect(await database.store.callbacks.get(other.id)).toMatchObject({ attempts: 2 });
    });

    test('belongs to one claimant only, however many claim concurrently', async () => {
      const all: CallbackId[] = [];
      for (let order = 0; order < 20; order += 1) all.push(...ids((await orderWith({})).events));
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, n) => claimAt(NOON, { claimant: `process ${n}`, limit: 3 })),
      );
      const taken = claims.flatMap(ids);
      expect(new Set(taken).size).toBe(taken.length);
      const rest = await claimAt(NOON);
      expect([...taken, ...ids(rest)].sort()).toEqual(all.sort());
    });

    test('that was abandoned can be taken by another claimant once its lease expires, and not before', async () => {
      const { events } = await orderWith({}, {});
      await claimAt(NOON, { claimant: 'dead' });
      expect(await claimAt(after(CLAIM_MS - 1))).toEqual([]);
      expect(await claimAt(after(CLAIM_MS))).toMatchObject([{ id: events[0]!.id, attempts: 2 }]);
    });

    test('that was lost to another claimant stores no outcome', async () => {
      const { order, events } = await orderWith({});
      const { id } = events[0]!;
      await claimAt(NOON, { claimant: 'slow' });
      await claimAt(after(CLAIM_MS), { claimant: 'quick' });
      expect(await finish(id, FAILED, 'slow')).toBe(false);
      expect(await finish(id, DELIVERED, 'quick')).toBe(true);
      expect(await finish(id, retryAt(NOON), 'quick')).toBe(false);
      const [stored] = await database.store.callbacks.ofOrder(order.terms.id);
      expect(stored!.delivery).toEqual({ status: 'delivered', at: after(1) });
    });

    test('whose lease expired still stores its outcome if no other claimant has taken it', async () => {
      const { events } = await orderWith({});
      await claimAt(NOON);
      expect(await finish(events[0]!.id, DELIVERED)).toBe(true);
      expect(await claimAt(after(CLAIM_MS))).toEqual([]);
    });

    test('stores no outcome for an unknown callback', async () => {
      expect(await finish(parseId('00000000-0000-4000-8000-000000000000'), DELIVERED)).toBe(false);
    });
  });

  describe('an attempt', () => {
    test.each<[AttemptOutcome, StoredCallback['delivery']]>([
      [DELIVERED, { status: 'delivered', at: after(1) }],
      [FAILED, { status: 'failed', at: after(1), lastError: 'answered 410' }],
      [retryAt(after(5)), { status: 'waiting', nextAttemptAt: after(5), lastError: 'answered 500' }],
    ])('with the outcome $kind is stored', async (outcome, delivery) => {
      const { order, events } = await orderWith({});
      await claimAt(NOON);
      await finish(events[0]!.id, outcome);
      expect(await database.store.callbacks.ofOrder(order.terms.id)).toMatchObject([{ attempts: 1, delivery }]);
    });

    test('that is acknowledged clears the last error', async () => {
      const { order, events } = await orderWith({});
      await claimAt(NOON);
      await finish(events[0]!.id, retryAt(after(5)));
      expect(await claimAt(after(4))).toEqual([]);
      expect(await claimAt(after(5))).toHaveLength(1);
      await finish(events[0]!.id, DELIVERED);
      const [stored] = await database.store.callbacks.ofOrder(order.terms.id);
      expect(stored).toMatchObject({ attempts: 2, delivery: { status: 'delivered', at: after(1) } });
      const row = await database.db.selectFrom('callbacks').select('last_error').executeTakeFirstOrThrow();
      expect(row.last_error).toBeNull();
    });
  });

  describe('queues', () => {
    test('are separate for each POS and endpoint, and distinguish fresh callbacks from retries', async () => {
      const [a, b] = ['https://a.example', 'https://b.example'];
      await orderWith({ url: `${b}/one` }, {});
      await orderWith({ url: `${b}/two?x=1`, createdAt: after(-5) });
      await orderWith({ url: `${b}:8443/`, createdAt: after(7) });
      await orderWith({ url: 'https://A.example/' });
      await orderWith({ url: null });
      const other = await storedPos(database.store);
      await orderOf(other, { url: `${b}/three`, createdAt: after(3) });
      const of = (posId: PosId, endpoint: string, freshAt?: EpochMs, retryAt?: EpochMs): CallbackQueue => ({
        posId,
        endpoint,
        freshAt,
        retryAt,
      });
      const queues = async (): Promise<CallbackQueue[]> =>
        (await database.store.callbacks.queues()).sort((one, two) =>
          `${one.endpoint} ${one.freshAt}` < `${two.endpoint} ${two.freshAt}` ? -1 : 1,
        );
      expect(await queues()).toEqual(
        [of(shop.id, a, NOON), of(shop.id, b, after(-5)), of(other.id, b, after(3)), of(shop.id, `${b}:8443`, after(7))].sort(
          (one, two) => (`${one.endpoint} ${one.freshAt}` < `${two.endpoint} ${two.freshAt}` ? -1 : 1),
        ),
      );
      await claimAt(NOON, { endpoint: b, limit: 1 });
      await claimAt(after(9), { endpoint: `${b}:8443` });
      await claimAt(after(9), { endpoint: a, posId: other.id });
      expect(await queues()).toEqual(
        expect.arrayContaining([
          of(shop.id, a, NOON),
          of(shop.id, b, NOON, after(CLAIM_MS)),
          of(other.id, b, after(3)),
          of(shop.id, `${b}:8443`, undefined, after(9 + CLAIM_MS)),
        ]),
      );
    });

    test('of two POS to one endpoint are claimed separately', async () => {
      const mine = await orderWith({});
      const other = await storedPos(database.store);
      const theirs = await orderOf(other, {});
      expect(ids(await claimAt(NOON))).toEqual(ids(mine.events));
      expect(ids(await claimAt(NOON, { posId: other.id }))).toEqual(ids(theirs.events));
    });

    test('give out fresh callbacks and retries separately', async () => {
      const [tried, fresh] = [await orderWith({}), await orderWith({ createdAt: after(1) })];
      await claimAt(NOON, { limit: 1 });
      await finish(tried.events[0]!.id, retryAt(after(5)));
      expect(ids(await claimAt(after(9), { kind: 'fresh' }))).toEqual(ids(fresh.events));
      expect(ids(await claimAt(after(9), { kind: 'retries' }))).toEqual(ids(tried.events));
    });

    test('give out the oldest callback first, or the newest', async () => {
      const [a, b, c] = [await orderWith({}), await orderWith({ createdAt: after(1) }), await orderWith({ createdAt: after(2) })];
      await orderWith({ url: 'https://other.example/' });
      expect(ids(await claimAt(after(3), { limit: 1 }))).toEqual(ids(a.events));
      expect(ids(await claimAt(after(3), { limit: 1, newest: true }))).toEqual(ids(c.events));
      expect(ids(await claimAt(after(3)))).toEqual(ids(b.events));
    });
  });

  describe('attempts', () => {
    test('are logged in order, even if their claim was lost, and pruned by age', async () => {
      const { events } = await orderWith({});
      const { id, orderId } = events[0]!;
      await claimAt(NOON);
      const record = (minutes: number, status: number | null) => ({
        startedAt: after(minutes * MINUTE_MS),
        durationMs: minutes,
        status,
        responseExcerpt: `minute ${minutes} 🥨`,
      });
      const log = async (claimant: string, minutes: number, status: number | null): Promise<boolean> => {
        const ended = { callback: { id, orderId }, end: { outcome: DELIVERED, record: record(minutes, status) } };
        return (await database.store.transaction((tx) => tx.callbacks.finish([ended], claimant))).has(id);
      };
      expect(await log('another', 30, null)).toBe(false);
      expect(await log('me', 0, 204)).toBe(true);
      expect(await database.store.callbacks.attempts(id)).toEqual([record(0, 204), record(30, null)]);
      expect(await database.store.callbacks.pruneAttempts({ before: NOON, limit: 1 })).toBe(false);
      while (await database.store.callbacks.pruneAttempts({ before: after(20 * MINUTE_MS), limit: 1 }));
      expect(await database.store.callbacks.attempts(id)).toEqual([record(30, null)]);
    });
  });

  test('a callback past its retry period is given up, unless it is claimed, and the next event of its order becomes due', async () => {
    const old = await orderWith({}, { createdAt: after(MINUTE_MS) });
    const claimed = await orderWith({ url: 'https://other.example/' });
    await claimAt(NOON, { endpoint: 'https://other.example' });
    const giveUp = (): Promise<number> =>
      database.store.transaction((tx) => tx.callbacks.giveUp({ wantedBefore: after(1), now: after(2), limit: 10 }));
    expect(await giveUp()).toBe(1);
    expect(await giveUp()).toBe(0);
    const [first, second] = await database.store.callbacks.ofOrder(old.order.terms.id);
    expect(first).toMatchObject({
      delivery: { status: 'failed', at: after(2), lastError: expect.stringContaining('did not answer') },
    });
    expect(second).toMatchObject({ delivery: { status: 'waiting', nextAttemptAt: after(MINUTE_MS) } });
    expect(await database.store.callbacks.get(claimed.events[0]!.id)).toMatchObject({ delivery: { status: 'waiting' } });
  });

  test('callbacks are listed page by page, the newest first, for one endpoint or all', async () => {
    const query = { orderId: undefined, posId: undefined, status: undefined };
    // Three from the same millisecond, two of them of one order.
    const first = await orderWith({}, {});
    const second = await orderWith({ url: 'https://other.example/a' });
    const third = await orderWith({ createdAt: after(5) });
    const all = ids([...first.events, ...second.events, ...third.events]);
    const pages: CallbackId[] = [];
    for (let before: CallbackId | undefined; ;) {
      const page = await database.store.callbacks.list({ ...query, before, limit: 1 });
      pages.push(...page.callbacks.map(({ id }) => id));
      before = page.searchedTo;
      if (before === undefined) break;
    }
    expect(pages[0]).toBe(third.events[0]!.id);
    expect(pages.toSorted()).toEqual(all);
    expect(pages.indexOf(first.events[1]!.id)).toBeLessThan(pages.indexOf(first.events[0]!.id));
    const ofOther = await database.store.callbacks.list({ ...query, endpoint: 'https://other.example', limit: 9 });
    expect(ids(ofOther.callbacks)).toEqual(ids(second.events));
  });

  test('the orders with pending callbacks in a queue are counted up to a bound', async () => {
    await orderWith({}, {});
    await orderWith({});
    await orderWith({});
    const { events } = await orderWith({});
    await claimAt(NOON, { limit: 9 });
    await finish(events[0]!.id, DELIVERED);
    expect(await database.store.callbacks.countQueue({ posId: shop.id, endpoint: 'https://shop.example' }, 9)).toBe(3);
    expect(await database.store.callbacks.countQueue({ posId: shop.id, endpoint: 'https://shop.example' }, 2)).toBe(2);
    expect(await database.store.callbacks.countQueue({ posId: shop.id, endpoint: 'https://other.example' }, 2)).toBe(0);
  });

  describe('the feed of a POS', () => {
    const read = (order: Order, after: number, limit = 100): Promise<[number, CallbackId][]> =>
      database.store
        .transaction((tx) => tx.callbacks.feed(order.terms.posId, after, limit))
        .then((found) => found.map(({ position, callback }) => [position, callback.id]));

    test('contains every event of the POS once, sent or not, in the sequence of its order', async () => {
      const { order, events } = await orderWith({}, { url: null }, {});
      await orderOf(await storedPos(database.store), {});
      const wanted = events.map(({ id }, n) => [n + 1, id]);
      expect(await read(order, 0, 2)).toEqual(wanted.slice(0, 2));
      expect(await read(order, 2, 2)).toEqual(wanted.slice(2));
      expect(await read(order, 3)).toEqual([]);
      expect(await read(order, 0)).toEqual(wanted);
    });

    test('keeps the sequence of an order even if the clock was set back', async () => {
      const { order, events } = await orderWith({ createdAt: after(MINUTE_MS) });
      const later = sampleCallback(order);
      await database.store.callbacks.insert([later]);
      expect((await read(order, 0)).map(([, id]) => id)).toEqual([events[0]!.id, later.id]);
    });

    test('skips no event, however transactions and readers overlap', async () => {
      const pos = await storedPos(database.store);
      const orders = Array.from({ length: 6 }, () => sampleOrder(pos));
      for (const order of orders) await database.store.orders.insert(order);
      let writing = true;
      const write = async (order: Order): Promise<void> => {
        for (let n = 0; n < 5; n += 1)
          await database.store.transaction(async (tx) => {
            await tx.orders.lock(order.terms.id);
            await tx.callbacks.insert([sampleCallback(order), sampleCallback(order)]);
            await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          });
      };
      const readers = Array.from({ length: 3 }, async () => {
        const seen: CallbackId[] = [];
        for (let last = false; ; last = !writing) {
          const page = await read(orders[0]!, seen.length, 7);
          page.forEach(([position, id]) => {
            expect(position).toBe(seen.length + 1);
            seen.push(id);
          });
          if (last && page.length === 0) return seen;
        }
      });
      await Promise.all(orders.map(write));
      writing = false;
      const [seen, ...others] = await Promise.all(readers);
      for (const other of others) expect(other).toEqual(seen);
      expect(seen).toHaveLength(60);
      for (const order of orders) {
        const stored = await database.store.callbacks.ofOrder(order.terms.id);
        expect(seen!.filter((id) => stored.some((one) => one.id === id))).toEqual(stored.map(({ id }) => id));
      }
    });
  });

  describe('the time of the next attempt', () => {
    test('is that of the callback that may be claimed first', async () => {
      expect(await dueAt()).toBeUndefined();
      await orderWith({ createdAt: after(50) });
      await orderWith({ createdAt: after(40) });
      expect(await dueAt()).toBe(after(40));
    });

    test('is when the lease expires for a claimed callback, and undefined for a delivered one', async () => {
      const { events } = await orderWith({});
      await claimAt(NOON);
      expect(await dueAt()).toBe(after(CLAIM_MS));
      await finish(events[0]!.id, DELIVERED);
      expect(await dueAt()).toBeUndefined();
    });

    test('ignores an event that waits for an earlier one of its order', async () => {
      const { events } = await orderWith({}, {});
      await claimAt(NOON);
      expect(await dueAt()).toBe(after(CLAIM_MS));
      await finish(events[0]!.id, retryAt(after(MINUTE_MS)));
      expect(await dueAt()).toBe(after(MINUTE_MS));
    });
  });

  test('an error of any length and script is stored', async () => {
    const { order, events } = await orderWith({});
    await claimAt(NOON);
    const error = `ECONNRESET: ${hashOf('x')} 🙈 `.repeat(1000);
    await finish(events[0]!.id, { kind: 'failed', at: epochMs(8.64e15), error });
    const [stored] = await database.store.callbacks.ofOrder(order.terms.id);
    expect(stored!.delivery).toEqual({ status: 'failed', at: 8.64e15, lastError: error });
  });
});
