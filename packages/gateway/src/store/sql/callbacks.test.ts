import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { hashOf, MINUTE_MS, NOON, sampleCallback, storedOrders } from '../../../test/support/samples.ts';
import type { PendingCallback, StoredCallback } from '../../callbacks/callback.ts';
import { epochMs, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { parseId, type CallbackId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { AttemptOutcome, CallbackClaim } from '../ports.ts';

const CLAIM_MS = 30_000;
const after = (durationMs: number): EpochMs => plusMs(NOON, durationMs);
const DELIVERED: AttemptOutcome = { kind: 'delivered', at: after(1) };
const FAILED: AttemptOutcome = { kind: 'failed', at: after(1), error: 'answered 410' };
const retryAt = (at: EpochMs): AttemptOutcome => ({ kind: 'retry', at, error: 'answered 500' });

await onEveryDatabase('callbacks.test.ts', (database) => {
  /** Stores events of one new order, as one settling does. */
  async function orderWith(...changes: Partial<PendingCallback>[]): Promise<{ order: Order; events: PendingCallback[] }> {
    const [order] = await storedOrders(database.store);
    const events = changes.map((change) => sampleCallback(order, change));
    await database.store.callbacks.insert(events);
    return { order, events };
  }
  async function claimAt(now: EpochMs, changes: Partial<CallbackClaim> = {}): Promise<StoredCallback[]> {
    const claimant = changes.claimant ?? 'me';
    return database.store.callbacks.claim({ now, until: plusMs(now, CLAIM_MS), limit: 32, ...changes, claimant });
  }
  const ids = (callbacks: readonly { readonly id: CallbackId }[]): CallbackId[] => callbacks.map(({ id }) => id).sort();
  const finish = (id: CallbackId, outcome: AttemptOutcome, claimant = 'me'): Promise<boolean> =>
    database.store.callbacks.finish(id, claimant, outcome);

  describe('events', () => {
    test('of an order are numbered from 0, whether they come together or later', async () => {
      const { order, events } = await orderWith({}, { event: 'payment.overpaid' });
      const later = sampleCallback(order, { event: 'payment.dispute.start' });
      await database.store.callbacks.insert([later]);
      const { order: other } = await orderWith({});
      const stored = await database.store.callbacks.ofOrder(order.terms.id);
      expect(stored.map(({ id, sequence }) => [id, sequence])).toEqual([...events, later].map(({ id }, n) => [id, n]));
      expect((await database.store.callbacks.ofOrder(other.terms.id)).map(({ sequence }) => sequence)).toEqual([0]);
    });

    test.each<[string, Partial<PendingCallback>]>([
      ['as it usually is', {}],
      ['with a body in any script', { body: '{"name":"🥨 \u2028 日本 \\u0000"}' }],
      ['with a body of a million letters', { body: 'é'.repeat(1_000_000) }],
    ])('one %s comes back to the letter, and is due at once', async (_, changes) => {
      const { order, events } = await orderWith(changes);
      const waiting = { sequence: 0, attempts: 0, delivery: { status: 'waiting', nextAttemptAt: NOON, lastError: null } };
      expect(await database.store.callbacks.ofOrder(order.terms.id)).toEqual([{ ...events[0], ...waiting }]);
      expect(await database.store.callbacks.nextAttempt()).toBe(NOON);
    });

    test('one that nobody wants to be told of is recorded, never sent, and holds nothing up', async () => {
      const { order, events } = await orderWith({ url: null }, {});
      const [unwanted] = await database.store.callbacks.ofOrder(order.terms.id);
      expect(unwanted).toMatchObject({ url: null, delivery: { status: 'not_wanted' } });
      expect(ids(await claimAt(NOON))).toEqual([events[1]!.id]);
    });

    test('of an order that is not there are refused', async () => {
      const { order } = await orderWith();
      const stray = { ...sampleCallback(order), orderId: parseId<Order['terms']['id']>(order.terms.posId) };
      await expect(database.store.callbacks.insert([stray])).rejects.toThrow(/foreign key/i);
    });

    test('that transactions store at once for one order, which each has locked, get numbers of their own', async () => {
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

  describe('a claim', () => {
    test('takes what is due, the longest waiting first, as many as asked for', async () => {
      const late = await orderWith({ createdAt: after(20) });
      const early = await orderWith({ createdAt: after(10) });
      await orderWith({ createdAt: after(31) });
      expect(ids(await claimAt(after(9)))).toEqual([]);
      expect(ids(await claimAt(after(30), { limit: 1 }))).toEqual(ids(early.events));
      expect(ids(await claimAt(after(30)))).toEqual(ids(late.events));
    });

    test('answers what it took as it is stored from now on: with one attempt more', async () => {
      const { order, events } = await orderWith({});
      const claimed = await claimAt(NOON);
      expect(claimed).toMatchObject([{ ...events[0], attempts: 1, sequence: 0 }]);
      expect(await database.store.callbacks.ofOrder(order.terms.id)).toEqual(claimed);
    });

    test.each<[string, AttemptOutcome, boolean]>([
      ['delivered', DELIVERED, true],
      ['given up', FAILED, true],
      ['to be tried again', retryAt(after(MINUTE_MS)), false],
    ])("never takes an order's later event before its earlier one is %s, if at all", async (_, outcome, frees) => {
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

    test('is for one claimant only, however many ask at once', async () => {
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

    test('that was abandoned is taken up by another once it has run out, and not before', async () => {
      const { events } = await orderWith({}, {});
      await claimAt(NOON, { claimant: 'dead' });
      expect(await claimAt(after(CLAIM_MS - 1))).toEqual([]);
      expect(await claimAt(after(CLAIM_MS))).toMatchObject([{ id: events[0]!.id, attempts: 2 }]);
    });

    test('that was lost to another finishes nothing', async () => {
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

    test('that ran out but was taken by nobody still finishes', async () => {
      const { events } = await orderWith({});
      await claimAt(NOON);
      expect(await finish(events[0]!.id, DELIVERED)).toBe(true);
      expect(await claimAt(after(CLAIM_MS))).toEqual([]);
    });

    test('finishes nothing that is not there', async () => {
      expect(await finish(parseId('00000000-0000-4000-8000-000000000000'), DELIVERED)).toBe(false);
    });
  });

  describe('an attempt', () => {
    test.each<[AttemptOutcome, StoredCallback['delivery']]>([
      [DELIVERED, { status: 'delivered', at: after(1) }],
      [FAILED, { status: 'failed', at: after(1), lastError: 'answered 410' }],
      [retryAt(after(5)), { status: 'waiting', nextAttemptAt: after(5), lastError: 'answered 500' }],
    ])('that ended as $kind is stored so', async (outcome, delivery) => {
      const { order, events } = await orderWith({});
      await claimAt(NOON);
      await finish(events[0]!.id, outcome);
      expect(await database.store.callbacks.ofOrder(order.terms.id)).toMatchObject([{ attempts: 1, delivery }]);
    });

    test('that failed is forgotten once one was acknowledged', async () => {
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

  describe('the next attempt', () => {
    test('is the soonest of those that may be claimed', async () => {
      expect(await database.store.callbacks.nextAttempt()).toBeUndefined();
      await orderWith({ createdAt: after(50) });
      await orderWith({ createdAt: after(40) });
      expect(await database.store.callbacks.nextAttempt()).toBe(after(40));
    });

    test('does not wait for what is under way or done', async () => {
      const { events } = await orderWith({});
      await claimAt(NOON);
      expect(await database.store.callbacks.nextAttempt()).toBeUndefined();
      await finish(events[0]!.id, DELIVERED);
      expect(await database.store.callbacks.nextAttempt()).toBeUndefined();
    });

    test('is not that of an event which an earlier one of its order holds up', async () => {
      const { events } = await orderWith({}, {});
      await claimAt(NOON);
      expect(await database.store.callbacks.nextAttempt()).toBeUndefined();
      await finish(events[0]!.id, retryAt(after(MINUTE_MS)));
      expect(await database.store.callbacks.nextAttempt()).toBe(after(MINUTE_MS));
    });
  });

  test('an error text of any length and script is kept', async () => {
    const { order, events } = await orderWith({});
    await claimAt(NOON);
    const error = `ECONNRESET: ${hashOf('x')} 🙈 `.repeat(1000);
    await finish(events[0]!.id, { kind: 'failed', at: epochMs(8.64e15), error });
    const [stored] = await database.store.callbacks.ofOrder(order.terms.id);
    expect(stored!.delivery).toEqual({ status: 'failed', at: 8.64e15, lastError: error });
  });
});
