/** Several processes that deliver the callbacks of one database. */
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ON_POSTGRES, onEveryPlace } from '../../../test/support/every-database.ts';
import { sampleAccount, sampleCallback, sampleOrder, samplePos } from '../../../test/support/samples.ts';
import { testGuard } from '../../../test/support/test-seals.ts';
import type { Attempt } from '../../callbacks/attempt.ts';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { queueKey } from '../../callbacks/queue-key.ts';
import { endpointOf } from '../../callbacks/endpoint.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { CallbackId, OrderId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import { openSqlStore, type SqlStore } from '../../store/sql/sql-store.ts';
import { CallbackDelivery } from './deliver-callbacks.ts';
import { DeliveryPeers } from './delivery-peers.ts';

const MAX_IN_QUEUE = 16;
const MAX_AT_ENDPOINT = 32;
const log = { info: () => {}, warn: () => {} };

/** The shops of all POS. Counts concurrent attempts, and notes what arrives. */
class Shops {
  readonly received: { readonly id: CallbackId; readonly orderId: OrderId; readonly by: string }[] = [];
  /** The largest number of attempts at once, by queue and by endpoint. */
  readonly peaks = new Map<string, number>();
  readonly #now = new Map<string, Set<object>>();
  answer: (callback: StoredCallback) => Promise<Attempt> = async () => {
    await sleep(2);
    return { kind: 'acknowledged' };
  };

  async send(callback: StoredCallback, by: Process): Promise<Attempt> {
    const endpoint = endpointOf(callback.url ?? '');
    const attempt = {};
    const places = [queueKey({ posId: callback.posId, endpoint }), endpoint];
    for (const place of places) {
      const here = this.#now.get(place) ?? new Set();
      this.#now.set(place, here.add(attempt));
      this.peaks.set(place, Math.max(this.peaks.get(place) ?? 0, here.size));
    }
    this.received.push({ id: callback.id, orderId: callback.orderId, by: by.name });
    const leave = (): void => places.forEach((place) => this.#now.get(place)?.delete(attempt));
    by.onKill.add(leave);
    try {
      return await this.answer(callback);
    } finally {
      leave();
      by.onKill.delete(leave);
    }
  }

  /** The highest peaks: of one POS at an endpoint, and of all POS at one. */
  get highest(): { readonly inQueue: number; readonly atEndpoint: number } {
    const peaks = [...this.peaks];
    const highest = (of: typeof peaks): number => Math.max(0, ...of.map(([, peak]) => peak));
    return {
      inQueue: highest(peaks.filter(([place]) => place.includes(' '))),
      atEndpoint: highest(peaks.filter(([place]) => !place.includes(' '))),
    };
  }
}

interface Process {
  readonly name: string;
  readonly delivery: CallbackDelivery;
  readonly peers: DeliveryPeers;
  /** Called for each attempt under way when the process is killed: its connections break. */
  readonly onKill: Set<() => void>;
  kill(): void;
}

await onEveryPlace(
  'shared-delivery.test.ts',
  (place) => {
    async function openOne(): Promise<SqlStore> {
      const store = await openSqlStore(place().connect());
      onTestFinished(() => store.close());
      return store;
    }

    async function start(name: string, shops: Shops, claimMs = 30_000): Promise<Process> {
      const own = await openOne();
      let isDead = false;
      const alive = <T>(work: () => Promise<T>): Promise<T> => (isDead ? new Promise<T>(() => {}) : work());
      const store: SqlStore = {
        ...own,
        transaction: (work) => alive(() => own.transaction(work)),
        callbacks: new Proxy(own.callbacks, {
          get: (target, method) => {
            const member: unknown = Reflect.get(target, method);
            if (typeof member !== 'function') return member;
            return (...given: unknown[]) => alive(() => Reflect.apply(member, target, given) as Promise<unknown>);
          },
        }),
        deliveryPeers: {
          announce: (...given) => alive(() => own.deliveryPeers.announce(...given)),
          withdraw: (...given) => alive(() => own.deliveryPeers.withdraw(...given)),
        },
      };
      const peers = new DeliveryPeers({ store, claimant: name, log, intervalMs: 50 });
      const delivery = new CallbackDelivery({
        context: { store, clock: systemClock, guard: testGuard(systemClock) },
        sender: {
          send: async (callback) => {
            const attempt = await shops.send(callback as StoredCallback, process);
            // What a dead process receives changes nothing.
            return alive(async () => attempt);
          },
          close: async () => {},
        },
        keysOf: () => ({ platform: Buffer.from('key'), standard: [] }),
        claimant: name,
        peers,
        random: () => 0.5,
        log,
        giveUpAfterMs: 432_000_000,
        attemptRetentionMs: 2_592_000_000,
        claimMs,
      });
      const process: Process = {
        name,
        delivery,
        peers,
        onKill: new Set(),
        kill: () => {
          isDead = true;
          for (const end of process.onKill) end();
        },
      };
      onTestFinished(async () => {
        if (!isDead) await delivery.stop();
      });
      delivery.start();
      return process;
    }

    async function startThree(shops: Shops, claimMs?: number): Promise<Process[]> {
      const processes = [await start('a', shops, claimMs), await start('b', shops, claimMs), await start('c', shops, claimMs)];
      await vi.waitFor(() => expect(processes.map(({ peers }) => peers.count)).toEqual([3, 3, 3]));
      return processes;
    }

    const wake = (processes: readonly Process[]): void => processes.forEach(({ delivery }) => delivery.wake());

    /** Stores orders with events each, and returns the events in their order, by order. */
    async function storeOrders(store: SqlStore, pos: Pos, orders: number, events: number, url: string) {
      const stored = new Map<OrderId, CallbackId[]>();
      for (let n = 0; n < orders; n += 1) {
        const order = sampleOrder(pos);
        const callbacks = Array.from({ length: events }, () => sampleCallback(order, { url, createdAt: systemClock.now() }));
        await store.transaction(async (tx) => {
          await tx.orders.insert(order);
          await tx.callbacks.insert(callbacks);
        });
        stored.set(
          order.terms.id,
          callbacks.map(({ id }) => id),
        );
      }
      return stored;
    }

    async function storePos(store: SqlStore): Promise<Pos> {
      const account = sampleAccount();
      const pos = samplePos(account);
      await store.accounts.insert(account);
      await store.pos.insert(pos);
      return pos;
    }

    /** The events of each order, in the order in which each arrived for the first time. */
    function arrivals({ received }: Shops): Map<OrderId, CallbackId[]> {
      const arrived = new Map<OrderId, CallbackId[]>();
      for (const { id, orderId } of received) {
        const before = arrived.get(orderId) ?? [];
        if (!before.includes(id)) arrived.set(orderId, [...before, id]);
      }
      return arrived;
    }

    describe('three processes', () => {
      it('never make more attempts at once than one process may, and deliver every event once and in order', async () => {
        const store = await openOne();
        const shops = new Shops();
        const processes = await startThree(shops);
        const shape = fc.record({
          /** The endpoint of each POS. */
          endpoints: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 3 }),
          orders: fc.integer({ min: 10, max: 60 }),
          events: fc.integer({ min: 1, max: 2 }),
          answerMs: fc.integer({ min: 0, max: 20 }),
        });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(shape, async ({ endpoints, orders, events, answerMs }) => {
            run += 1;
            shops.received.splice(0);
            shops.answer = async ({ id }) => {
              await sleep(answerMs * (id.charCodeAt(0) % 3));
              return { kind: 'acknowledged' };
            };
            const expected = new Map<OrderId, CallbackId[]>();
            for (const endpoint of endpoints)
              for (const [id, ids] of await storeOrders(
                store,
                await storePos(store),
                orders,
                events,
                `https://${run}-${endpoint}.example/`,
              ))
                expected.set(id, ids);
            wake(processes);
            await vi.waitFor(async () => expect(await store.callbacks.queues()).toEqual([]));
            expect(shops.highest.inQueue).toBeLessThanOrEqual(MAX_IN_QUEUE);
            expect(shops.highest.atEndpoint).toBeLessThanOrEqual(MAX_AT_ENDPOINT);
            expect(arrivals(shops)).toEqual(expected);
            expect(shops.received).toHaveLength(endpoints.length * orders * events);
          }),
          { numRuns: 6 },
        );
      }, 120_000);

      it('all get callbacks of an endpoint that has a backlog', async () => {
        const store = await openOne();
        const shops = new Shops();
        shops.answer = async () => {
          await sleep(20);
          return { kind: 'acknowledged' };
        };
        const processes = await startThree(shops);
        const pos = await storePos(store);
        // On a busy machine, one may have delivered all before another has asked for its share.
        await vi.waitFor(async () => {
          await storeOrders(store, pos, 300, 1, 'https://busy.example/');
          wake(processes);
          expect(new Set(shops.received.map(({ by }) => by)).size).toBe(3);
          // Together they use what one would.
          expect(shops.highest.inQueue).toBeGreaterThan(MAX_IN_QUEUE / 2);
        });
        await vi.waitFor(async () => expect(await store.callbacks.queues()).toEqual([]));
        expect(shops.highest.inQueue).toBeLessThanOrEqual(MAX_IN_QUEUE);
      }, 120_000);

      it('divide the slots when one joins another that has them all', async () => {
        const store = await openOne();
        const shops = new Shops();
        let open = (): void => {};
        const gate = new Promise<void>((resolve) => (open = resolve));
        // A failed test ends, too.
        onTestFinished(() => open());
        shops.answer = async () => {
          // The first answers prove the endpoint, so that it gets all slots.
          if (shops.highest.inQueue === MAX_IN_QUEUE) await gate;
          // Slowly, so that on a busy machine too the second gets to its share before the first has delivered all.
          await sleep(shops.received.some(({ by }) => by === 'second') ? 20 : 200);
          return { kind: 'acknowledged' };
        };
        const first = await start('first', shops);
        const url = 'https://busy.example/';
        const pos = await storePos(store);
        const expected = await storeOrders(store, pos, 200, 2, url);
        first.delivery.wake();
        await vi.waitFor(() => expect(shops.highest.inQueue).toBe(MAX_IN_QUEUE));
        const second = await start('second', shops);
        await vi.waitFor(() => expect([first.peers.count, second.peers.count]).toEqual([2, 2]));
        expect(shops.received.filter(({ by }) => by === 'second')).toEqual([]);
        open();
        await vi.waitFor(async () => {
          if (shops.received.some(({ by }) => by === 'second')) return;
          for (const [id, ids] of await storeOrders(store, pos, 40, 2, url)) expected.set(id, ids);
          for (const { delivery } of [first, second]) delivery.wake();
          expect(shops.received.some(({ by }) => by === 'second')).toBe(true);
        });
        await vi.waitFor(async () => expect(await store.callbacks.queues()).toEqual([]));
        expect(shops.highest.inQueue).toBe(MAX_IN_QUEUE);
        expect(arrivals(shops)).toEqual(expected);
        expect(shops.received).toHaveLength([...expected.values()].flat().length);
      }, 120_000);

      it('deliver what one of them had claimed when it was killed', async () => {
        const store = await openOne();
        const shops = new Shops();
        shops.answer = async () => {
          await sleep(20);
          return { kind: 'acknowledged' };
        };
        const processes = await startThree(shops, 10_000);
        const expected = await storeOrders(store, await storePos(store), 300, 2, 'https://busy.example/');
        wake(processes);
        const killed = processes[0]!;
        await vi.waitFor(() => expect(killed.onKill.size).toBeGreaterThan(0), { interval: 1 });
        killed.kill();
        expect(await store.callbacks.queues()).not.toEqual([]);
        await vi.waitFor(async () => expect(await store.callbacks.queues()).toEqual([]));
        expect(shops.highest.inQueue).toBeLessThanOrEqual(MAX_IN_QUEUE);
        expect(arrivals(shops)).toEqual(expected);
      }, 120_000);
    });
  },
  [ON_POSTGRES],
);
