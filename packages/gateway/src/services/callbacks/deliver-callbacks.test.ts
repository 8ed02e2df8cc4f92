import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { MINUTE_MS, NOON, sampleCallback, sampleOrder, storedPos } from '../../../test/support/samples.ts';
import { testGuard } from '../../../test/support/test-seals.ts';
import type { Attempt, CallbackSender } from '../../callbacks/attempt.ts';
import type { PendingCallback, StoredCallback } from '../../callbacks/callback.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { CallbackStore } from '../../store/ports/callback-store.ts';
import { listEndpoints } from './callback-log.ts';
import { CallbackDelivery } from './deliver-callbacks.ts';
import { EndpointHealth } from './endpoint-health.ts';
import { pruneCallbacks } from './prune-callbacks.ts';

const ACKNOWLEDGED: Attempt = { kind: 'acknowledged' };
const REFUSED: Attempt = { kind: 'refused', error: 'answered 500', retryAfterMs: undefined, unavailable: false };
const DOWN: Attempt = { kind: 'refused', error: 'answered 503', retryAfterMs: undefined, unavailable: true };
const GONE: Attempt = { kind: 'gone', error: 'answered 410' };

/** A receiver that acknowledges everything, unless `answer` says otherwise. */
class Receiver {
  readonly received: { readonly id: CallbackId; readonly body: string; readonly key: string; readonly attempts: number }[] = [];
  answer: (callback: StoredCallback) => Attempt | Promise<Attempt> = () => ACKNOWLEDGED;
  close: () => void = () => {};

  readonly sender: CallbackSender = {
    send: async (sent, { platform }) => {
      // The delivery passes the whole claimed callback.
      const callback = sent as StoredCallback;
      const { id, body, attempts } = callback;
      this.received.push({ id, body, attempts, key: Buffer.from(platform ?? '').toString() });
      return this.answer(callback);
    },
    close: async () => this.close(),
  };
  get ids(): CallbackId[] {
    return this.received.map(({ id }) => id);
  }
}

type Claim = CallbackStore['claim'];
type Finish = CallbackStore['finish'];

interface Changes {
  /** Wraps the store's own method. */
  readonly claim?: (...given: [...Parameters<Claim>, own: Claim]) => ReturnType<Claim>;
  readonly finish?: (...given: [...Parameters<Finish>, own: Finish]) => ReturnType<Finish>;
  readonly claimant?: string;
  readonly keyOf?: (pos: Pos) => string;
  readonly random?: () => number;
  readonly stopTimeoutMs?: number;
}

const GIVE_UP_AFTER_MS = 5 * 24 * 60 * MINUTE_MS;

/** The store's callbacks with some methods wrapped. */
function wrapped(own: CallbackStore, { claim, finish }: Pick<Changes, 'claim' | 'finish'>): CallbackStore {
  const ownClaim: Claim = (wanted) => own.claim(wanted);
  const ownFinish: Finish = (...given) => own.finish(...given);
  return new Proxy(own, {
    get: (target, name) => {
      if (name === 'claim' && claim !== undefined) return (...given: Parameters<Claim>) => claim(...given, ownClaim);
      if (name === 'finish' && finish !== undefined) return (...given: Parameters<Finish>) => finish(...given, ownFinish);
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

const delivering = (database: TestDatabase): void => {
  let now: EpochMs;
  /** The POS of a test's orders, unless they name another. */
  let shop: Pos;
  let receiver: Receiver;
  let warnings: { readonly message: string; readonly fields: Record<string, unknown> }[];
  const toStop: CallbackDelivery[] = [];
  beforeEach(async () => {
    now = NOON;
    shop = await storedPos(database.store);
    receiver = new Receiver();
    warnings = [];
  });
  afterEach(async () => {
    await Promise.all(toStop.splice(0).map((delivery) => delivery.stop()));
  });

  /** A running delivery; `round` resolves when it has nothing more to send now. */
  function delivery(changes: Changes = {}): {
    readonly delivery: CallbackDelivery;
    readonly health: EndpointHealth;
    round(): Promise<void>;
  } {
    const { store } = database;
    const log: LoopLog = { info: () => {}, warn: (fields, message) => void warnings.push({ message, fields }) };
    const health = new EndpointHealth({ store, log });
    const made = new CallbackDelivery({
      context: {
        store: {
          ...store,
          transaction: (work) => store.transaction((tx) => work({ ...tx, callbacks: wrapped(tx.callbacks, changes) })),
        },
        clock: { now: () => now },
        guard: testGuard({ now: () => now }),
      },
      sender: receiver.sender,
      keysOf: (pos) => ({ platform: Buffer.from(changes.keyOf?.(pos) ?? `the key of ${pos.name}`), standard: [] }),
      claimant: changes.claimant ?? 'me',
      random: changes.random ?? (() => 0.5),
      log,
      health,
      giveUpAfterMs: GIVE_UP_AFTER_MS,
      ...(changes.stopTimeoutMs !== undefined && { stopTimeoutMs: changes.stopTimeoutMs }),
      attemptRetentionMs: 30 * 24 * 60 * MINUTE_MS,
    });
    toStop.push(made);
    made.start();
    return { delivery: made, health, round: () => made.idle() };
  }

  async function orderWith(
    count: number,
    change: Partial<PendingCallback> = {},
    pos = shop,
  ): Promise<{ order: Order; ids: CallbackId[] }> {
    const order = sampleOrder(pos);
    await database.store.orders.insert(order);
    const events = Array.from({ length: count }, (_, n) => sampleCallback(order, { body: `{"event":${n}}`, ...change }));
    await database.store.callbacks.insert(events);
    return { order, ids: events.map(({ id }) => id) };
  }
  const stored = ({ order }: { order: Order }): Promise<StoredCallback[]> => database.store.callbacks.ofOrder(order.terms.id);
  const statuses = async (of: { order: Order }): Promise<string[]> =>
    (await stored(of)).map(({ delivery: { status } }) => status);

  test('a due callback is sent once, with the stored body, signed with the keys of its POS', async () => {
    const { order, ids } = await orderWith(1);
    const { round } = delivery();
    await round();
    await round();
    expect(receiver.received).toEqual([{ id: ids[0], body: '{"event":0}', key: 'the key of Counter', attempts: 1 }]);
    expect(await stored({ order })).toMatchObject([{ attempts: 1, delivery: { status: 'delivered', at: NOON } }]);
    expect(warnings).toEqual([]);
  });

  test('the events of an order arrive in order, one after the other', async () => {
    const { order, ids } = await orderWith(4);
    let under = 0;
    receiver.answer = async () => {
      under += 1;
      expect(under).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      under -= 1;
      return ACKNOWLEDGED;
    };
    await delivery().round();
    expect(receiver.ids).toEqual(ids);
    expect(await statuses({ order })).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
  });

  test('a callback without a URL is not sent', async () => {
    const { order } = await orderWith(2, { url: null });
    await delivery().round();
    expect(receiver.received).toEqual([]);
    expect(await statuses({ order })).toEqual(['not_wanted', 'not_wanted']);
  });

  test('a refused callback is retried by the schedule, and the later events of its order wait', async () => {
    const { order, ids } = await orderWith(2);
    receiver.answer = () => REFUSED;
    const { round } = delivery();
    await round();
    // Half of 2, 10 and 30 seconds, because `random` returns 0.5.
    for (const [attempts, waitMs] of [[1, 1000] as const, [2, 5000] as const, [3, 15_000] as const]) {
      const [first, second] = await stored({ order });
      expect(first).toMatchObject({
        attempts,
        delivery: { status: 'waiting', nextAttemptAt: plusMs(now, waitMs), lastError: 'answered 500' },
      });
      expect(second).toMatchObject({ attempts: 0 });
      now = plusMs(now, waitMs - 1);
      await round();
      expect(receiver.received).toHaveLength(attempts);
      now = plusMs(now, 1);
      await round();
      expect(receiver.received).toHaveLength(attempts + 1);
    }
    receiver.answer = () => ACKNOWLEDGED;
    now = plusMs(now, MINUTE_MS);
    await round();
    expect(receiver.ids).toEqual([...Array.from({ length: 5 }, () => ids[0]), ids[1]]);
    expect(await statuses({ order })).toEqual(['delivered', 'delivered']);
    // Once, however many attempts fail.
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('endpoint keeps failing')]);
  });

  test('a retry waits for as long as the receiver asked for', async () => {
    const { order } = await orderWith(1);
    receiver.answer = () => ({ ...DOWN, retryAfterMs: 20 * MINUTE_MS });
    await delivery().round();
    expect(await stored({ order })).toMatchObject([{ delivery: { nextAttemptAt: plusMs(NOON, 20 * MINUTE_MS) } }]);
  });

  test('a callback answered with 410 is not retried, and the next event of its order is sent', async () => {
    const { order, ids } = await orderWith(2);
    receiver.answer = ({ id }) => (id === ids[0] ? GONE : ACKNOWLEDGED);
    await delivery().round();
    expect(receiver.ids).toEqual(ids);
    expect(await stored({ order })).toMatchObject([
      { attempts: 1, delivery: { status: 'failed', at: NOON, lastError: 'answered 410' } },
      { delivery: { status: 'delivered' } },
    ]);
  });

  test('a callback is given up after a last attempt at the end of its retry period', async () => {
    const { order } = await orderWith(1);
    receiver.answer = () => REFUSED;
    const { round } = delivery();
    for (let hour = 0; hour <= 5 * 24 * 4; hour += 1) {
      await round();
      now = plusMs(now, 15 * MINUTE_MS);
    }
    const end = { status: 'failed', at: plusMs(NOON, GIVE_UP_AFTER_MS), lastError: 'answered 500' };
    expect(await stored({ order })).toMatchObject([{ delivery: end }]);
    expect(receiver.received.length).toBeGreaterThan(30);
    expect(warnings.at(-1)!.message).toBe('callback: given up');
  });

  test('a callback that never got a slot, because its endpoint is unavailable, is given up too', async () => {
    const old = await orderWith(2);
    for (let more = 0; more < 110; more += 1) await orderWith(2);
    now = plusMs(now, GIVE_UP_AFTER_MS + 30 * MINUTE_MS);
    receiver.answer = () => new Promise(() => {});
    const dead = await orderWith(0);
    await pruneCallbacks(
      {
        context: { store: database.store, clock: { now: () => now } },
        log: { info: () => {}, warn: (fields, message) => void warnings.push({ message, fields }) },
        giveUpAfterMs: GIVE_UP_AFTER_MS,
        attemptRetentionMs: MINUTE_MS,
      },
      new AbortController().signal,
    );
    expect(await statuses(old)).toEqual(['failed', 'failed']);
    expect(await statuses(dead)).toEqual([]);
    expect(warnings).toMatchObject([{ fields: { count: 222 } }]);
  });

  test('an attempt is stored with the status and an excerpt of the answer', async () => {
    const { ids } = await orderWith(1);
    receiver.answer = () => ({ ...REFUSED, answer: { status: 500, excerpt: 'out of order' } });
    await delivery().round();
    expect(await database.store.callbacks.attempts(ids[0]!)).toEqual([
      { startedAt: NOON, durationMs: 0, status: 500, responseExcerpt: 'out of order' },
    ]);
  });

  test('any number of hanging endpoints with any backlog delays no other endpoint', async () => {
    const hanging = Array.from({ length: 40 }, (_, n) => `https://hangs-${n}.example/`);
    for (const url of hanging) for (let n = 0; n < 3; n += 1) await orderWith(1, { url });
    receiver.answer = ({ url }) => (hanging.includes(url ?? '') ? held : ACKNOWLEDGED);
    let release: (attempt: Attempt) => void = () => {};
    const held = new Promise<Attempt>((resolve) => (release = resolve));
    const { delivery: made } = delivery();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(40), { interval: 1 });
    const good = await orderWith(3);
    made.wake();
    await vi.waitFor(async () => expect(await statuses(good)).toEqual(['delivered', 'delivered', 'delivered']), { interval: 1 });
    // One attempt at each endpoint that has never answered.
    expect(receiver.received).toHaveLength(43);
    receiver.answer = () => ACKNOWLEDGED;
    release(REFUSED);
  });

  test('an endpoint that is unavailable for several orders is paused, reported, and gets one attempt when the pause ends', async () => {
    for (let n = 0; n < 10; n += 1) await orderWith(1, { url: 'https://down.example/' });
    receiver.answer = () => DOWN;
    const { health, round } = delivery({ random: () => 0.99 });
    await round();
    expect(receiver.received).toHaveLength(5);
    expect(health.failing()).toEqual({ endpoints: 1, since: NOON });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('endpoint keeps failing')]);
    now = plusMs(now, 1000);
    await round();
    expect(receiver.received).toHaveLength(6);
    receiver.answer = () => ACKNOWLEDGED;
    now = plusMs(now, 2000);
    await round();
    expect(health.failing()).toEqual({ endpoints: 0, since: undefined });
    now = plusMs(now, MINUTE_MS);
    await round();
    expect(await database.store.callbacks.queues()).toEqual([]);
  });

  test('an endpoint that answers is not paused, however often it refuses, and new events are sent at once', async () => {
    const refused: CallbackId[] = [];
    for (let n = 0; n < 30; n += 1) refused.push(...(await orderWith(1)).ids);
    receiver.answer = ({ id }) => (refused.includes(id) ? REFUSED : ACKNOWLEDGED);
    const { health, round } = delivery();
    await round();
    expect(receiver.received).toHaveLength(30);
    // The clock has not moved.
    const paid = await orderWith(1);
    await round();
    expect(receiver.ids.slice(30)).toEqual(paid.ids);
    expect(await statuses(paid)).toEqual(['delivered']);
    expect(health.failing().endpoints).toBe(0);
  });

  test('fresh callbacks are sent before retries when both are due and one slot is free', async () => {
    const tried: CallbackId[] = [];
    for (let n = 0; n < 6; n += 1) tried.push(...(await orderWith(1)).ids);
    receiver.answer = () => DOWN;
    const { round } = delivery({ random: () => 0.5 });
    await round();
    expect(receiver.received).toHaveLength(5);
    const fresh = await orderWith(1);
    receiver.answer = ({ id }) => (fresh.ids.includes(id) ? ACKNOWLEDGED : REFUSED);
    // By then all retries are due, and the pause has ended.
    now = plusMs(now, MINUTE_MS);
    await round();
    const after = receiver.ids.slice(5);
    // The sixth of the first six is fresh as well.
    expect(after.slice(0, 2).sort()).toEqual(
      [...fresh.ids, ...tried.filter((id) => !receiver.ids.slice(0, 5).includes(id))].sort(),
    );
    expect(after).toHaveLength(7);
  });

  test('retries get some of the slots while fresh callbacks keep coming', async () => {
    const tried: CallbackId[] = [];
    for (let n = 0; n < 5; n += 1) tried.push(...(await orderWith(1)).ids);
    receiver.answer = () => DOWN;
    let random = 0.5;
    const { round } = delivery({ random: () => random });
    await round();
    // From now on, every share is rounded up.
    random = 0;
    for (let n = 0; n < 40; n += 1) await orderWith(1);
    receiver.answer = () => ACKNOWLEDGED;
    now = plusMs(now, MINUTE_MS);
    await round();
    const positions = tried.map((id) => receiver.ids.lastIndexOf(id));
    expect(Math.min(...positions)).toBeLessThan(15);
    expect(receiver.received).toHaveLength(50);
  });

  test('an unavailable endpoint is paused for as long as it asks, up to five minutes', async () => {
    receiver.answer = () => ({ ...DOWN, retryAfterMs: 90_000 });
    await orderWith(1);
    const { round, health } = delivery();
    const nextAttempts = async (): Promise<unknown> => {
      await health.settled();
      return (await listEndpoints({ store: database.store })).map(({ nextAttemptAt }) => nextAttemptAt);
    };
    await round();
    await orderWith(1);
    expect(await nextAttempts()).toEqual([plusMs(now, 90_000)]);
    now = plusMs(now, 89_000);
    await round();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = () => ({ ...DOWN, retryAfterMs: 3_600_000 });
    now = plusMs(now, 1_000);
    await round();
    expect(receiver.received).toHaveLength(2);
    expect(await nextAttempts()).toEqual([plusMs(now, 300_000)]);
    receiver.answer = () => ACKNOWLEDGED;
    const { ids } = await orderWith(1);
    now = plusMs(now, 299_000);
    await round();
    expect(receiver.received).toHaveLength(2);
    now = plusMs(now, 1_000);
    await round();
    expect(receiver.ids).toContain(ids[0]);
    await health.settled();
    expect(await database.store.endpoints.pauses()).toEqual([]);
  });

  test('an endpoint that is unavailable for one POS is not paused for another', async () => {
    const other = await storedPos(database.store);
    for (let n = 0; n < 10; n += 1) await orderWith(1);
    receiver.answer = ({ posId }) => (posId === shop.id ? DOWN : ACKNOWLEDGED);
    const { health, round } = delivery();
    await round();
    expect(receiver.received).toHaveLength(5);
    const theirs = await orderWith(3, {}, other);
    await round();
    expect(await statuses(theirs)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(health.failing().endpoints).toBe(1);
    expect(await database.store.endpoints.failing()).toMatchObject([{ posId: shop.id, endpoint: 'https://shop.example' }]);
  });

  test('is not idle while an attempt that ends during a round may have made the next event due', async () => {
    const order = await orderWith(2);
    let answer: (attempt: Attempt) => void = () => {};
    const held = new Promise<Attempt>((resolve) => (answer = resolve));
    receiver.answer = () => (receiver.received.length === 1 ? held : ACKNOWLEDGED);
    const { round } = delivery();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
    const { callbacks } = database.store;
    const queues = callbacks.queues.bind(callbacks);
    const reading = vi.spyOn(callbacks, 'queues').mockImplementationOnce(async () => {
      const read = await queues();
      answer(ACKNOWLEDGED);
      await vi.waitFor(async () => expect(await statuses(order)).toEqual(['delivered', 'waiting']));
      await new Promise(setImmediate);
      return read;
    });
    await round();
    reading.mockRestore();
    expect(await statuses(order)).toEqual(['delivered', 'delivered']);
  });

  test('an order whose callbacks are refused delays no other order', async () => {
    const bad = await orderWith(2);
    const good = await orderWith(2);
    receiver.answer = ({ orderId }) => (orderId === bad.order.terms.id ? REFUSED : ACKNOWLEDGED);
    await delivery().round();
    expect(await statuses(good)).toEqual(['delivered', 'delivered']);
    expect(await statuses(bad)).toEqual(['waiting', 'waiting']);
  });

  describe('a prefetched callback', () => {
    /** 60 callbacks to one endpoint, which acknowledges the first ten and lets the others wait for an answer. */
    async function halfWay(): Promise<{ of: { order: Order }[]; made: CallbackDelivery; answer: (attempt: Attempt) => void }> {
      const of = [];
      for (let n = 0; n < 60; n += 1) of.push(await orderWith(1));
      let answer: (attempt: Attempt) => void = () => {};
      const held = new Promise<Attempt>((resolve) => (answer = resolve));
      receiver.answer = () => (receiver.received.length <= 10 ? ACKNOWLEDGED : held);
      const { delivery: made } = delivery();
      await vi.waitFor(() => expect(receiver.received).toHaveLength(26), { interval: 1 });
      return { of, made, answer };
    }
    const attemptsOf = async (of: readonly { order: Order }[]): Promise<number> => {
      const all = await Promise.all(of.map(stored));
      return all.flat().reduce((sum, { attempts }) => sum + attempts, 0);
    };

    test('is sent as soon as a slot is free', async () => {
      const { made, answer, of } = await halfWay();
      expect(await attemptsOf(of)).toBe(60);
      answer(ACKNOWLEDGED);
      await made.idle();
      expect(new Set(receiver.ids).size).toBe(60);
      expect(receiver.received).toHaveLength(60);
    });

    test('is released when its endpoint becomes unavailable', async () => {
      const { answer, of } = await halfWay();
      let release: (attempt: Attempt) => void = () => {};
      const later = new Promise<Attempt>((resolve) => (release = resolve));
      receiver.answer = () => later;
      answer(DOWN);
      await vi.waitFor(async () => expect(await attemptsOf(of)).toBeLessThanOrEqual(27), { interval: 1 });
      release(ACKNOWLEDGED);
    });

    test('is released when the delivery stops', async () => {
      const { made, answer, of } = await halfWay();
      const stopping = made.stop();
      await vi.waitFor(async () => expect(await attemptsOf(of)).toBe(26), { interval: 1 });
      answer(ACKNOWLEDGED);
      await stopping;
      expect(receiver.received).toHaveLength(26);
      expect((await Promise.all(of.map(statuses))).flat().filter((status) => status === 'waiting')).toHaveLength(34);
    });

    test('is released when it has waited so long that its attempt could outlast its lease', async () => {
      const { made, answer, of } = await halfWay();
      now = plusMs(now, 10_000);
      made.wake();
      // It is then claimed again.
      const claimedAgain = async (): Promise<number> =>
        (await Promise.all(of.map(stored)))
          .flat()
          .filter(({ delivery: how }) => 'nextAttemptAt' in how && how.nextAttemptAt === plusMs(now, 30_000)).length;
      await vi.waitFor(async () => expect(await claimedAgain()).toBe(34), { interval: 1 });
      answer(ACKNOWLEDGED);
      await made.idle();
      expect(new Set(receiver.ids).size).toBe(60);
      expect(receiver.received.every(({ attempts }) => attempts === 1)).toBe(true);
    });
  });

  test('a round sends more than one batch', async () => {
    for (let order = 0; order < 70; order += 1) await orderWith(1);
    await delivery().round();
    expect(new Set(receiver.ids).size).toBe(70);
  });

  describe('after a fault', () => {
    test('an attempt whose sender throws is retried like any other, and delays no other order', async () => {
      const bad = await orderWith(1);
      const good = await orderWith(1);
      receiver.answer = ({ orderId }) => {
        if (orderId === bad.order.terms.id) throw new Error('out of sockets');
        return ACKNOWLEDGED;
      };
      const { round } = delivery();
      await round();
      expect(await statuses(good)).toEqual(['delivered']);
      const lastError = 'out of sockets';
      expect(await stored(bad)).toMatchObject([
        { attempts: 1, delivery: { status: 'waiting', nextAttemptAt: NOON + 1000, lastError } },
      ]);
      receiver.answer = () => ACKNOWLEDGED;
      now = plusMs(now, 1000);
      await round();
      expect(await statuses(bad)).toEqual(['delivered']);
    });

    test('a callback whose POS secret cannot be decrypted is stored with that error and retried', async () => {
      const { order } = await orderWith(1);
      const keyOf = (): string => {
        throw new Error('wrong KEY_FILE');
      };
      await delivery({ keyOf }).round();
      expect(receiver.received).toEqual([]);
      expect(await stored({ order })).toMatchObject([{ delivery: { status: 'waiting', lastError: 'wrong KEY_FILE' } }]);
    });

    test('a claim that the store failed is repeated', async () => {
      const { order } = await orderWith(1);
      let hiccups = 2;
      const claim: Changes['claim'] = async (wanted, own) => {
        hiccups -= 1;
        if (hiccups >= 0) throw new Error('the store is down');
        return own(wanted);
      };
      const { delivery: made, round } = delivery({ claim });
      await vi.waitFor(() => expect(warnings).toHaveLength(1), { interval: 1 });
      made.wake();
      await vi.waitFor(() => expect(hiccups).toBe(0), { interval: 1 });
      await round();
      expect(await statuses({ order })).toEqual(['delivered']);
      expect(warnings.map(({ message }) => message)).toContain('callbacks: failed');
    });

    test('a delivery whose outcome could not be stored is repeated when its lease has expired, and no other is', async () => {
      const [lost, other] = [await orderWith(2), await orderWith(1)];
      // Once in the batch, and once on its own.
      let hiccups = 2;
      const finish: Changes['finish'] = async (ended, claimant, own) => {
        if (hiccups > 0 && ended.some(({ callback }) => callback.id === lost.ids[0])) {
          hiccups -= 1;
          throw new Error('the store is down');
        }
        return own(ended, claimant);
      };
      const { round } = delivery({ finish });
      await vi.waitFor(() => expect(warnings).toHaveLength(1), { interval: 1 });
      await round();
      expect(await statuses(other)).toEqual(['delivered']);
      expect(await statuses(lost)).toEqual(['waiting', 'waiting']);
      now = plusMs(now, 30_000);
      await round();
      expect(receiver.ids.filter((id) => lost.ids.includes(id))).toEqual([lost.ids[0], ...lost.ids]);
      expect(await statuses(lost)).toEqual(['delivered', 'delivered']);
      expect(receiver.ids.filter((id) => other.ids.includes(id))).toHaveLength(1);
    });

    test('callbacks claimed by a process that died are sent by another, in order', async () => {
      const { order, ids } = await orderWith(2);
      await database.store.callbacks.claim({
        now,
        until: plusMs(now, 30_000),
        claimant: 'dead',
        kind: 'fresh',
        posId: shop.id,
        endpoint: 'https://shop.example',
        limit: 32,
      });
      const { round } = delivery();
      await round();
      expect(receiver.received).toEqual([]);
      now = plusMs(now, 30_000);
      await round();
      expect(receiver.ids).toEqual(ids);
      expect(await statuses({ order })).toEqual(['delivered', 'delivered']);
    });

    test('an attempt that outlasts its lease is logged, and does not overwrite the outcome of another sender', async () => {
      const { order } = await orderWith(1);
      let release: (attempt: Attempt) => void = () => {};
      const held = new Promise<Attempt>((resolve) => {
        release = resolve;
      });
      receiver.answer = ({ attempts }) => (attempts === 1 ? held : ACKNOWLEDGED);
      const slow = delivery({ claimant: 'slow' });
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { interval: 1 });
      now = plusMs(now, 30_000);
      await delivery({ claimant: 'quick' }).round();
      release(REFUSED);
      await slow.round();
      expect(await stored({ order })).toMatchObject([{ attempts: 2, delivery: { status: 'delivered' } }]);
      expect(warnings.map(({ message }) => message)).toEqual(['callback: lease expired during the attempt']);
    });
  });

  test('what was claimed before the process was suspended for long is not sent, because another may have it soon', async () => {
    const of = await orderWith(1);
    let suspensions = 1;
    const { round } = delivery({
      claim: async (wanted, own) => {
        const claimed = await own(wanted);
        if (claimed.length > 0 && suspensions-- > 0) now = plusMs(now, 25_000);
        return claimed;
      },
    });
    const begun = now;
    const sentAt: number[] = [];
    receiver.answer = () => {
      sentAt.push(now - begun);
      return ACKNOWLEDGED;
    };
    await round();
    await round();
    expect(await statuses(of)).toEqual(['delivered']);
    // It was released and claimed again: its attempt is the first.
    expect(receiver.received).toMatchObject([{ attempts: 1 }]);
    expect(suspensions).toBeLessThan(0);
    expect(sentAt).toEqual([25_000]);
  });

  test('two senders on one store send each callback once', async () => {
    for (let order = 0; order < 20; order += 1) await orderWith(2);
    const senders = ['one', 'two'].map((claimant) => delivery({ claimant }));
    await Promise.all(senders.map(({ round }) => round()));
    await Promise.all(senders.map(({ round }) => round()));
    expect(receiver.received).toHaveLength(40);
    expect(new Set(receiver.ids).size).toBe(40);
    expect(receiver.received.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  test('a stop waits for the attempts under way and stores their outcomes, though one cannot be stored', async () => {
    const orders = [await orderWith(1), await orderWith(2)];
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    receiver.answer = async ({ orderId }) => {
      if (orderId === orders[1]!.order.terms.id) await held;
      return ACKNOWLEDGED;
    };
    const finish: Changes['finish'] = async (ended, claimant, own) => {
      if (ended.some(({ callback }) => callback.id === orders[0]!.ids[0])) throw new Error('the store is down');
      return own(ended, claimant);
    };
    const { delivery: made } = delivery({ finish });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), { interval: 1 });
    let hasStopped = false;
    const stopping = made.stop().then(() => {
      hasStopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(hasStopped).toBe(false);
    release();
    await stopping;
    expect(await statuses(orders[1]!)).toEqual(['delivered', 'waiting']);
    expect(receiver.received).toHaveLength(2);
  });

  test('a stop aborts an attempt that takes too long, and makes its callback due again', async () => {
    const order = await orderWith(1);
    receiver.answer = () =>
      new Promise((resolve) => {
        receiver.close = () => resolve({ kind: 'refused', error: 'closed', retryAfterMs: undefined, unavailable: true });
      });
    const { delivery: made } = delivery({ stopTimeoutMs: 20 });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { interval: 1 });
    made.beginStop();
    await made.stop();
    const [callback] = await database.store.callbacks.ofOrder(order.order.terms.id);
    expect(callback).toMatchObject({ attempts: 0, delivery: { status: 'waiting' } });
    receiver.answer = async () => ACKNOWLEDGED;
    await delivery().round();
    expect(receiver.received).toHaveLength(2);
    expect(await statuses(order)).toEqual(['delivered']);
  });

  test('outcomes that cannot be stored while the store is down are counted in one log line without a stack', async () => {
    for (let order = 0; order < 10; order += 1) await orderWith(1);
    const finish: Changes['finish'] = async () => {
      throw Object.assign(new Error('database is locked'), { sqliteCodeName: 'SQLITE_BUSY' });
    };
    const { delivery: made } = delivery({ finish });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(10), { interval: 1 });
    await made.stop();
    expect(warnings).toMatchObject([
      { fields: { reason: 'database is locked' }, message: 'callback: outcome not stored' },
      { fields: { count: 9 } },
    ]);
    expect(warnings.every(({ fields }) => !('err' in fields))).toBe(true);
  });
};
await onEveryDatabase('deliver-callbacks.test.ts', delivering, [IN_MEMORY, ON_POSTGRES]);
