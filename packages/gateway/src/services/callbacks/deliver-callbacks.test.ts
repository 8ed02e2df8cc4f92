import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { MINUTE_MS, NOON, sampleCallback, sampleOrder, storedPos } from '../../../test/support/samples.ts';
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

/** A receiver that answers as it is told, and acknowledges when it is not. */
class Receiver {
  readonly received: { readonly id: CallbackId; readonly body: string; readonly key: string; readonly attempts: number }[] = [];
  answer: (callback: StoredCallback) => Attempt | Promise<Attempt> = () => ACKNOWLEDGED;

  readonly sender: CallbackSender = {
    send: async (sent, { platform }) => {
      // What is handed over is what was claimed.
      const callback = sent as StoredCallback;
      const { id, body, attempts } = callback;
      this.received.push({ id, body, attempts, key: Buffer.from(platform).toString() });
      return this.answer(callback);
    },
    close: async () => {},
  };
  get ids(): CallbackId[] {
    return this.received.map(({ id }) => id);
  }
}

type Claim = CallbackStore['claim'];
type Finish = CallbackStore['finish'];

interface Changes {
  /** Stands before the store's own. */
  readonly claim?: (...given: [...Parameters<Claim>, own: Claim]) => ReturnType<Claim>;
  readonly finish?: (...given: [...Parameters<Finish>, own: Finish]) => ReturnType<Finish>;
  readonly claimant?: string;
  readonly keyOf?: (pos: Pos) => string;
  readonly random?: () => number;
}

const GIVE_UP_AFTER_MS = 5 * 24 * 60 * MINUTE_MS;

/** The store's callbacks with some of their doings changed. */
function changed(own: CallbackStore, { claim, finish }: Pick<Changes, 'claim' | 'finish'>): CallbackStore {
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
  /** The POS of all orders of a test that name no other. */
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

  /** A delivery; a round of it has ended when there is nothing more to send now. */
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
          transaction: (work) => store.transaction((tx) => work({ ...tx, callbacks: changed(tx.callbacks, changes) })),
        },
        clock: { now: () => now },
      },
      sender: receiver.sender,
      keysOf: (pos) => ({ platform: Buffer.from(changes.keyOf?.(pos) ?? `the key of ${pos.name}`), standard: [] }),
      claimant: changes.claimant ?? 'me',
      random: changes.random ?? (() => 0.5),
      log,
      health,
      giveUpAfterMs: GIVE_UP_AFTER_MS,
      attemptRetentionMs: 30 * 24 * 60 * MINUTE_MS,
    });
    toStop.push(made);
    made.start();
    return { delivery: made, health, round: () => made.quiet() };
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

  test('what is due is sent: its body as it was stored, signed with the secret of its POS, and once only', async () => {
    const { order, ids } = await orderWith(1);
    const { round } = delivery();
    await round();
    await round();
    expect(receiver.received).toEqual([{ id: ids[0], body: '{"event":0}', key: 'the key of Counter', attempts: 1 }]);
    expect(await stored({ order })).toMatchObject([{ attempts: 1, delivery: { status: 'delivered', at: NOON } }]);
    expect(warnings).toEqual([]);
  });

  test('the events of an order arrive in their order, one after the other', async () => {
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

  test('what nobody wants to receive is not sent', async () => {
    const { order } = await orderWith(2, { url: null });
    await delivery().round();
    expect(receiver.received).toEqual([]);
    expect(await statuses({ order })).toEqual(['not_wanted', 'not_wanted']);
  });

  test('a refused one is tried again by the schedule, and those after it wait', async () => {
    const { order, ids } = await orderWith(2);
    receiver.answer = () => REFUSED;
    const { round } = delivery();
    await round();
    // Half of 2, 10 and 30 seconds, as the dice have it.
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
    // Once, however often it is tried.
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('an endpoint keeps failing')]);
  });

  test('a receiver that asks for more time gets it', async () => {
    const { order } = await orderWith(1);
    receiver.answer = () => ({ ...DOWN, retryAfterMs: 20 * MINUTE_MS });
    await delivery().round();
    expect(await stored({ order })).toMatchObject([{ delivery: { nextAttemptAt: plusMs(NOON, 20 * MINUTE_MS) } }]);
  });

  test('one whose receiver is gone for good is not tried again, and the next one is', async () => {
    const { order, ids } = await orderWith(2);
    receiver.answer = ({ id }) => (id === ids[0] ? GONE : ACKNOWLEDGED);
    await delivery().round();
    expect(receiver.ids).toEqual(ids);
    expect(await stored({ order })).toMatchObject([
      { attempts: 1, delivery: { status: 'failed', at: NOON, lastError: 'answered 410' } },
      { delivery: { status: 'delivered' } },
    ]);
  });

  test('one that is refused for days is tried a last time at the end of its time, and given up', async () => {
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

  test('what never came to its turn, since its endpoint answers nobody, is given up all the same', async () => {
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

  test('an attempt is logged with what was answered', async () => {
    const { ids } = await orderWith(1);
    receiver.answer = () => ({ ...REFUSED, answer: { status: 500, excerpt: 'out of order' } });
    await delivery().round();
    expect(await database.store.callbacks.attempts(ids[0]!)).toEqual([
      { startedAt: NOON, durationMs: 0, status: 500, responseExcerpt: 'out of order' },
    ]);
  });

  test('endpoints that hang, however many and however much is to be sent to them, delay no other', async () => {
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
    // One attempt at each that has never answered.
    expect(receiver.received).toHaveLength(43);
    receiver.answer = () => ACKNOWLEDGED;
    release(REFUSED);
  });

  test('an endpoint that is down for several orders is paused, reported, and tried by one callback when the pause is over', async () => {
    for (let n = 0; n < 10; n += 1) await orderWith(1, { url: 'https://down.example/' });
    receiver.answer = () => DOWN;
    const { health, round } = delivery({ random: () => 0.99 });
    await round();
    expect(receiver.received).toHaveLength(5);
    expect(health.failing()).toEqual({ endpoints: 1, since: NOON });
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('an endpoint keeps failing')]);
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

  test('an endpoint that answers is not paused, however often it refuses: what is new is sent at once', async () => {
    const refused: CallbackId[] = [];
    for (let n = 0; n < 30; n += 1) refused.push(...(await orderWith(1)).ids);
    receiver.answer = ({ id }) => (refused.includes(id) ? REFUSED : ACKNOWLEDGED);
    const { health, round } = delivery();
    await round();
    expect(receiver.received).toHaveLength(30);
    // Nothing moves the clock.
    const paid = await orderWith(1);
    await round();
    expect(receiver.ids.slice(30)).toEqual(paid.ids);
    expect(await statuses(paid)).toEqual(['delivered']);
    expect(health.failing().endpoints).toBe(0);
  });

  test('what was never tried goes before what was, when both are due and there is one slot', async () => {
    const tried: CallbackId[] = [];
    for (let n = 0; n < 6; n += 1) tried.push(...(await orderWith(1)).ids);
    receiver.answer = () => DOWN;
    const { round } = delivery({ random: () => 0.5 });
    await round();
    expect(receiver.received).toHaveLength(5);
    const fresh = await orderWith(1);
    receiver.answer = ({ id }) => (fresh.ids.includes(id) ? ACKNOWLEDGED : REFUSED);
    // All retries are due by then, and the pause is over.
    now = plusMs(now, MINUTE_MS);
    await round();
    const after = receiver.ids.slice(5);
    // The sixth was never tried either.
    expect(after.slice(0, 2).sort()).toEqual(
      [...fresh.ids, ...tried.filter((id) => !receiver.ids.slice(0, 5).includes(id))].sort(),
    );
    expect(after).toHaveLength(7);
  });

  test('retries get some of the slots though there is always something new', async () => {
    const tried: CallbackId[] = [];
    for (let n = 0; n < 5; n += 1) tried.push(...(await orderWith(1)).ids);
    receiver.answer = () => DOWN;
    let dice = 0.5;
    const { round } = delivery({ random: () => dice });
    await round();
    // From now on, whatever has a chance at all gets it.
    dice = 0;
    for (let n = 0; n < 40; n += 1) await orderWith(1);
    receiver.answer = () => ACKNOWLEDGED;
    now = plusMs(now, MINUTE_MS);
    await round();
    const places = tried.map((id) => receiver.ids.lastIndexOf(id));
    expect(Math.min(...places)).toBeLessThan(15);
    expect(receiver.received).toHaveLength(50);
  });

  test('an endpoint that says how long to wait is left alone for as long, at most five minutes', async () => {
    receiver.answer = () => ({ ...DOWN, retryAfterMs: 90_000 });
    await orderWith(1);
    const { round, health } = delivery();
    const shownNext = async (): Promise<unknown> => {
      await health.settled();
      return (await listEndpoints({ store: database.store })).map(({ nextAttemptAt }) => nextAttemptAt);
    };
    await round();
    await orderWith(1);
    expect(await shownNext()).toEqual([plusMs(now, 90_000)]);
    now = plusMs(now, 89_000);
    await round();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = () => ({ ...DOWN, retryAfterMs: 3_600_000 });
    now = plusMs(now, 1_000);
    await round();
    expect(receiver.received).toHaveLength(2);
    expect(await shownNext()).toEqual([plusMs(now, 300_000)]);
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

  test('an endpoint that is down for one POS is not for another', async () => {
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

  test('an order whose receiver is down holds up no other', async () => {
    const bad = await orderWith(2);
    const good = await orderWith(2);
    receiver.answer = ({ orderId }) => (orderId === bad.order.terms.id ? REFUSED : ACKNOWLEDGED);
    await delivery().round();
    expect(await statuses(good)).toEqual(['delivered', 'delivered']);
    expect(await statuses(bad)).toEqual(['waiting', 'waiting']);
  });

  describe('what is claimed ahead of its turn', () => {
    /** 60 callbacks of one endpoint that acknowledges the first ten; what comes after them waits for an answer. */
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

    test('is begun as soon as there is a place', async () => {
      const { made, answer, of } = await halfWay();
      expect(await attemptsOf(of)).toBe(60);
      answer(ACKNOWLEDGED);
      await made.quiet();
      expect(new Set(receiver.ids).size).toBe(60);
      expect(receiver.received).toHaveLength(60);
    });

    test('is given back when its endpoint fails', async () => {
      const { answer, of } = await halfWay();
      let release: (attempt: Attempt) => void = () => {};
      const later = new Promise<Attempt>((resolve) => (release = resolve));
      receiver.answer = () => later;
      answer(DOWN);
      await vi.waitFor(async () => expect(await attemptsOf(of)).toBeLessThanOrEqual(27), { interval: 1 });
      release(ACKNOWLEDGED);
    });

    test('is given back when the delivery stops', async () => {
      const { made, answer, of } = await halfWay();
      const stopping = made.stop();
      await vi.waitFor(async () => expect(await attemptsOf(of)).toBe(26), { interval: 1 });
      answer(ACKNOWLEDGED);
      await stopping;
      expect(receiver.received).toHaveLength(26);
      expect((await Promise.all(of.map(statuses))).flat().filter((status) => status === 'waiting')).toHaveLength(34);
    });

    test('is given back when it has waited so long that an attempt could outlive its claim', async () => {
      const { made, answer, of } = await halfWay();
      now = plusMs(now, 10_000);
      made.wake();
      // And claimed anew.
      const claimedAnew = async (): Promise<number> =>
        (await Promise.all(of.map(stored)))
          .flat()
          .filter(({ delivery: how }) => 'nextAttemptAt' in how && how.nextAttemptAt === plusMs(now, 30_000)).length;
      await vi.waitFor(async () => expect(await claimedAnew()).toBe(34), { interval: 1 });
      answer(ACKNOWLEDGED);
      await made.quiet();
      expect(new Set(receiver.ids).size).toBe(60);
      expect(receiver.received.every(({ attempts }) => attempts === 1)).toBe(true);
    });
  });

  test('more than one batch is sent in one round', async () => {
    for (let order = 0; order < 70; order += 1) await orderWith(1);
    await delivery().round();
    expect(new Set(receiver.ids).size).toBe(70);
  });

  describe('faults', () => {
    test('a sender that throws is a failed attempt like any other, and stops nobody', async () => {
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

    test('a secret that cannot be opened is reported with the callback, which is tried again', async () => {
      const { order } = await orderWith(1);
      const keyOf = (): string => {
        throw new Error('KEY_FILE is another');
      };
      await delivery({ keyOf }).round();
      expect(receiver.received).toEqual([]);
      expect(await stored({ order })).toMatchObject([{ delivery: { status: 'waiting', lastError: 'KEY_FILE is another' } }]);
    });

    test('a store that cannot be asked is asked again', async () => {
      const { order } = await orderWith(1);
      let hiccups = 2;
      const claim: Changes['claim'] = async (wanted, own) => {
        hiccups -= 1;
        if (hiccups >= 0) throw new Error('the store is away');
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

    test('what was sent but could not be stored as delivered is sent again when its claim has run out, and others are not', async () => {
      const [lost, other] = [await orderWith(2), await orderWith(1)];
      // Once with the others that ended then, and once by itself.
      let hiccups = 2;
      const finish: Changes['finish'] = async (ended, claimant, own) => {
        if (hiccups > 0 && ended.some(({ callback }) => callback.id === lost.ids[0])) {
          hiccups -= 1;
          throw new Error('the store is away');
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

    test('what a process left when it died is taken up by another one, in order', async () => {
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

    test('an attempt that outlives its claim says so, and does not undo what another has done', async () => {
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
      expect(warnings.map(({ message }) => message)).toEqual(['callback: the claim ran out during the attempt']);
    });
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

  test('a stop waits for the attempts under way, and stores what became of them, though another could not be stored', async () => {
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
      if (ended.some(({ callback }) => callback.id === orders[0]!.ids[0])) throw new Error('the store is away');
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

  test('while the store is down, outcomes that cannot be stored are logged in one line with their number, without a stack', async () => {
    for (let order = 0; order < 10; order += 1) await orderWith(1);
    const finish: Changes['finish'] = async () => {
      throw Object.assign(new Error('database is locked'), { sqliteCodeName: 'SQLITE_BUSY' });
    };
    const { delivery: made } = delivery({ finish });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(10), { interval: 1 });
    await made.stop();
    expect(warnings).toMatchObject([
      { fields: { reason: 'database is locked' }, message: 'callback: its outcome could not be stored' },
      { fields: { count: 9 } },
    ]);
    expect(warnings.every(({ fields }) => !('err' in fields))).toBe(true);
  });
};
await onEveryDatabase('deliver-callbacks.test.ts', delivering, [IN_MEMORY, ON_POSTGRES]);
