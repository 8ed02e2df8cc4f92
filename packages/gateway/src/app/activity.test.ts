import { beforeEach, describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, IN_MEMPOOL, inBlock, minutes } from '../../test/support/an-order.ts';
import type { StoredCallback } from '../callbacks/callback.ts';
import { Emitter } from '../kernel/emitter.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { Order } from '../orders/order.ts';
import type { Store } from '../store/ports/store.ts';
import { ActivityReports, type Activity, type AttemptedCallback } from './activity.ts';

const TIP = { height: 100 };

let order: Order;
let now: number;
let reports: ActivityReports;
let ordersChanged: Emitter<Iterable<OrderId>>;
let callbackAttempted: Emitter<AttemptedCallback>;
let seen: Activity[];
/** How often the order was read. */
let reads: number;
let failures: unknown[];

beforeEach(() => {
  order = anOrder();
  now = minutes(-1);
  [ordersChanged, callbackAttempted] = [new Emitter(), new Emitter()];
  [seen, failures] = [[], []];
  reads = 0;
  const store = {
    orders: {
      get: async () => {
        reads += 1;
        return order;
      },
    },
    chain: { tip: async () => TIP },
  } as unknown as Pick<Store, 'orders' | 'chain'>;
  reports = new ActivityReports({
    store,
    clock: { now: () => now as ReturnType<typeof minutes> },
    ordersChanged,
    callbackAttempted,
    failed: (error) => void failures.push(error),
  });
});

function listen(): void {
  reports.on((activity) => seen.push(activity));
}

/** What is reported when the order has become another. */
async function change(to: Order): Promise<readonly Activity[]> {
  order = to;
  seen = [];
  ordersChanged.emit([order.terms.id]);
  await reports.idle();
  return seen;
}

const kinds = (activities: readonly Activity[]): string[] => activities.map(({ kind }) => kind);

describe('reports of what happens', () => {
  it('name an order once, with its price', async () => {
    listen();
    expect(await change(order)).toEqual([
      { kind: 'order', order: order.terms.id, amount: '10.00', currency: 'EUR', satoshi: AMOUNT, details: null },
    ]);
    expect(await change(order)).toEqual([]);
  });

  it('name every payment once, with what the order has received by then', async () => {
    listen();
    await change(order);
    const first = aPayment(1, 40_000n, IN_MEMPOOL);
    expect(await change(anOrder([first]))).toEqual([
      { kind: 'payment', order: order.terms.id, satoshi: 40_000n, txid: first.outPoint.txid, received: 40_000n, owed: AMOUNT },
      { kind: 'status', order: order.terms.id, status: 'partial' },
    ]);
    const mined = { ...first, place: inBlock(100) };
    expect(await change(anOrder([mined, aPayment(2, 60_000n, IN_MEMPOOL)]))).toMatchObject([
      { kind: 'payment', satoshi: 60_000n, received: AMOUNT },
      { kind: 'status', status: 'mempool_unconfirmed' },
    ]);
  });

  it('say once that an order is paid', async () => {
    listen();
    const payment = aPayment(1, AMOUNT, inBlock(100), true);
    await change(order);
    await change(anOrder([payment]));
    const paid = anOrder([payment], { status: 'paid', paidAt: minutes(2) });
    expect(await change(paid)).toEqual([{ kind: 'status', order: order.terms.id, status: 'paid' }]);
    expect(await change(paid)).toEqual([]);
  });

  it('read an order once that changes again and again before it is read', async () => {
    listen();
    for (let n = 0; n < 1_000; n += 1) ordersChanged.emit([order.terms.id]);
    await reports.idle();
    expect(reads).toBeLessThanOrEqual(2);
    expect(kinds(seen)).toEqual(['order']);
    expect(kinds(await change(anOrder([aPayment(3, AMOUNT, IN_MEMPOOL)])))).toEqual(['payment', 'status']);
  });

  it('repeat nothing about orders that are older than the listener', async () => {
    now = minutes(5);
    listen();
    const old = anOrder([aPayment(1, AMOUNT, inBlock(90), true)], { status: 'paid', paidAt: minutes(2) });
    expect(await change(old)).toEqual([]);
  });

  it('say what happens to such an order from then on', async () => {
    now = minutes(5);
    listen();
    const paid = anOrder([aPayment(6, AMOUNT, inBlock(100), true)], { status: 'paid', paidAt: minutes(6) });
    expect(kinds(await change(paid))).toEqual(['payment', 'status']);
  });

  it('read nothing while nobody listens', async () => {
    order = undefined as unknown as Order;
    ordersChanged.emit(['0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d01' as OrderId]);
    await reports.idle();
    expect(failures).toEqual([]);
  });

  it('go on after an order that could not be read', async () => {
    listen();
    const broken = {
      get terms(): never {
        throw new Error('broken');
      },
    } as unknown as Order;
    order = broken;
    ordersChanged.emit(['0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d01' as OrderId]);
    await reports.idle();
    expect(failures).toEqual([new Error('broken')]);
    expect(kinds(await change(anOrder([aPayment(2, AMOUNT, IN_MEMPOOL)])))).toEqual(['order', 'payment', 'status']);
  });

  it('tell the outcome of an attempt to deliver a callback', async () => {
    listen();
    const callback = {
      orderId: order.terms.id,
      event: 'payment.completed',
      url: 'https://shop.example/callbacks',
    } as StoredCallback;
    const record = { startedAt: minutes(1), durationMs: 7, status: 204, responseExcerpt: '' };
    callbackAttempted.emit({ callback, end: { outcome: { kind: 'delivered', at: minutes(1) }, record } });
    const error = 'no answer within 5 s';
    const failed = { outcome: { kind: 'retry', at: minutes(2), error }, record: { ...record, status: null } } as const;
    callbackAttempted.emit({ callback, end: failed });
    await reports.idle();
    const told = { kind: 'callback', order: order.terms.id, event: 'payment.completed', url: callback.url, durationMs: 7 };
    expect(seen).toEqual([
      { ...told, outcome: 'delivered', status: 204, error: undefined },
      { ...told, outcome: 'retry', status: null, error },
    ]);
  });
});
