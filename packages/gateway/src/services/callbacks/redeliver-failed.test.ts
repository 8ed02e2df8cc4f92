/** What redelivers many callbacks shares the database with the gateway that serves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { IN_FILE, onEveryDatabase, onEveryPlace } from '../../../test/support/every-database.ts';
import { NOON, sampleAccount, SAMPLE_ATTEMPT, sampleCallback, sampleOrder, storedPos } from '../../../test/support/samples.ts';
import type { PendingCallback } from '../../callbacks/callback.ts';
import { plusMs } from '../../kernel/clock.ts';
import { StoreDownError } from '../../store/store-down.ts';
import { openSqlStore, type SqlStore } from '../../store/sql/sql-store.ts';
import { redeliverCallback } from './redeliver-callback.ts';
import { PAUSE_BESIDE_GATEWAY_MS, redeliverFailed } from './redeliver-failed.ts';

const URL = 'https://shop.example/callback';
const WHICH = { endedSince: NOON, posId: undefined, endpoint: undefined };

/** Stores orders, each with a callback that was given up. */
async function givenUp(store: SqlStore, count: number): Promise<PendingCallback[]> {
  const pos = await storedPos(store);
  const orders = Array.from({ length: count }, () => sampleOrder(pos));
  const callbacks = orders.map((order) => sampleCallback(order, { url: URL }));
  await store.transaction(async (tx) => {
    await tx.orders.insert(...orders);
    await tx.callbacks.insert(callbacks);
    const claim = {
      now: NOON,
      until: plusMs(NOON, 1),
      limit: count,
      posId: pos.id,
      endpoint: 'https://shop.example',
      claimant: 'me',
    };
    const claimed = await tx.callbacks.claim({ ...claim, kind: 'fresh' });
    expect(claimed).toHaveLength(count);
    const end = { outcome: { kind: 'failed', at: NOON, error: 'answered 410' }, record: SAMPLE_ATTEMPT } as const;
    await tx.callbacks.finish(
      claimed.map((callback) => ({ callback, end })),
      'me',
    );
  });
  return callbacks;
}

const contextOf = (store: SqlStore) => ({ store, clock: { now: () => plusMs(NOON, 60_000) }, callbacksStored: () => {} });

await onEveryPlace(
  'redeliver-failed.test.ts',
  (place) => {
    test('a command that redelivers thousands of callbacks lets the gateway write in between', async () => {
      const gateway = await openSqlStore(place().connect());
      const command = await openSqlStore(place().connect());
      try {
        await givenUp(gateway, 600);
        const redelivery = { isOver: false };
        const redelivering = redeliverFailed(contextOf(command), WHICH, { pauseMs: PAUSE_BESIDE_GATEWAY_MS }).finally(() => {
          redelivery.isOver = true;
        });
        let [written, overBefore] = [0, false];
        do {
          overBefore = redelivery.isOver;
          await gateway.accounts.insert(sampleAccount());
          written += 1;
          await sleep(5);
        } while (!redelivery.isOver);
        expect(await redelivering).toEqual({ due: 600, busy: 0, damaged: 0 });
        expect(overBefore).toBe(false);
        expect(written).toBeGreaterThan(5);
      } finally {
        await command.close();
        await gateway.close();
      }
    });
  },
  [IN_FILE],
);

await onEveryDatabase('redeliver-failed.test.ts', (database) => {
  test('callbacks are made due in pages, those whose order has an event under way excepted, and go to a new URL', async () => {
    const { store } = database;
    const callbacks = await givenUp(store, 201);
    const [first] = callbacks;
    const pos = (await store.pos.list()).find(({ id }) => id === first!.posId)!;
    const later = sampleCallback(sampleOrder(pos), { orderId: first!.orderId, url: URL, event: 'payment.overpaid' });
    await store.callbacks.insert([later]);
    const until = plusMs(NOON, 3_600_000);
    const claim = { now: plusMs(NOON, 1), until, limit: 10, posId: pos.id, endpoint: 'https://shop.example', claimant: 'me' };
    expect(await store.callbacks.claim({ ...claim, kind: 'fresh' })).toHaveLength(1);
    const before = await store.callbacks.ofOrder(first!.orderId);
    const url = 'https://new.example/callback';
    expect(await redeliverFailed(contextOf(store), WHICH, { url })).toEqual({ due: 200, busy: 1, damaged: 0 });
    expect(await store.callbacks.ofOrder(first!.orderId)).toEqual(before);
    for (const { orderId } of callbacks.slice(1, 4)) {
      expect(await store.callbacks.ofOrder(orderId)).toMatchObject([{ url, attempts: 0, delivery: { status: 'waiting' } }]);
      expect((await store.orders.get(orderId))?.terms.callbackUrl).toBe(url);
    }
  });
});

await onEveryDatabase('redeliver-failed.test.ts', (database) => {
  test('the events of an order are made due together, although a gateway sends the first of them between two pages', async () => {
    const { store } = database;
    const orderIds = new Set((await givenUp(store, 220)).map(({ orderId }) => orderId));
    const pos = (await store.pos.list())[0]!;
    const later = [...orderIds].map((orderId) =>
      sampleCallback(sampleOrder(pos), { orderId, url: URL, event: 'payment.overpaid', createdAt: plusMs(NOON, 1) }),
    );
    await store.callbacks.insert(later);
    const claim = { posId: pos.id, endpoint: 'https://shop.example', limit: 1_000, kind: 'fresh' } as const;
    const until = plusMs(NOON, 3_600_000);
    const claimed = await store.callbacks.claim({ ...claim, now: plusMs(NOON, 1), until, claimant: 'me' });
    const end = { outcome: { kind: 'failed', at: NOON, error: 'answered 410' }, record: SAMPLE_ATTEMPT } as const;
    const ended = claimed.map((callback) => ({ callback, end }));
    await store.transaction((tx) => tx.callbacks.finish(ended, 'me'));
    let pages = 0;
    const failedSince: SqlStore['callbacks']['failedSince'] = async (query) => {
      pages += 1;
      await store.callbacks.claim({ ...claim, now: plusMs(NOON, 60_000), until, claimant: 'gateway' });
      return store.callbacks.failedSince(query);
    };
    const beside = { ...contextOf(store), store: { ...store, callbacks: { failedSince } as SqlStore['callbacks'] } };
    expect(await redeliverFailed(beside, WHICH)).toEqual({ due: 440, busy: 0, damaged: 0 });
    expect(pages).toBeGreaterThan(2);
    for (const { orderId } of later.slice(0, 3)) {
      const deliveries = (await store.callbacks.ofOrder(orderId)).map(({ delivery }) => delivery.status);
      expect(deliveries).toEqual(['waiting', 'waiting']);
    }
  });
});

await onEveryDatabase('redeliver-failed.test.ts', (database) => {
  test('a callback whose stored body is damaged stays given up, and stops no other', async () => {
    const { store, db } = database;
    const callbacks = await givenUp(store, 3);
    const { id, orderId } = callbacks[1]!;
    await db
      .updateTable('callbacks')
      .set({ packed_body: Buffer.from('0100000000ffff', 'hex') })
      .where('id', '=', id)
      .execute();
    expect(await redeliverFailed(contextOf(store), WHICH)).toEqual({ due: 2, busy: 0, damaged: 1 });
    const lastError = expect.stringContaining('its stored body is damaged') as string;
    expect(await store.callbacks.listedOfOrder(orderId)).toMatchObject([{ delivery: { status: 'failed', lastError } }]);
    await expect(redeliverCallback(contextOf(store), id)).rejects.toMatchObject({ name: 'RedeliveryError', reason: 'damaged' });
  });

  test('a page that the database refuses is tried again, and what was refused is told', async () => {
    const { store } = database;
    await givenUp(store, 250);
    let refusals = 0;
    const transaction: SqlStore['transaction'] = (work) => {
      if (told.length === 1 && refusals++ < 1) return Promise.reject(new StoreDownError('locked'));
      return store.transaction(work);
    };
    const told: number[] = [];
    const refused: number[] = [];
    const many = await redeliverFailed({ ...contextOf(store), store: { ...store, transaction } }, WHICH, {
      progress: ({ due }) => told.push(due),
      refused: (_error, { due }) => refused.push(due),
    });
    expect(many).toEqual({ due: 250, busy: 0, damaged: 0 });
    expect(told).toEqual([100, 200, 250]);
    expect(refused).toEqual([100]);
  });

  test('it ends with an error that says how far it came when the database refuses it for too long', async () => {
    const { store } = database;
    await givenUp(store, 150);
    const told: number[] = [];
    const transaction: SqlStore['transaction'] = (work) =>
      told.length === 0 ? store.transaction(work) : Promise.reject(new StoreDownError('locked'));
    const context = { ...contextOf(store), store: { ...store, transaction } };
    const redelivering = redeliverFailed(context, WHICH, { giveUpAfterMs: 0, progress: ({ due }) => told.push(due) });
    await expect(redelivering).rejects.toThrow(/^100 callbacks are due; the others are still given up, .* locked/);
    expect(await redeliverFailed(contextOf(store), WHICH)).toEqual({ due: 50, busy: 0, damaged: 0 });
  });
});
