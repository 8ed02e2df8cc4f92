import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { OpenPage } from '../../../test/support/open-page.ts';
import { judged, storedOrders } from '../../../test/support/samples.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { parseId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite/sqlite.ts';
import type { Ids } from '../../store/ports/notifications.ts';
import { orderVersion } from '../shared/order-version.ts';
import { OpenPagesPoll } from './open-pages-poll.ts';
import { OrderStreams } from '../shared/order-streams.ts';

let database: TestDatabase;
let streams: OrderStreams;
let poll: OpenPagesPoll;
let polls: number;
let trust: { areTrusted: boolean; losses: number };
let ordersChanged: Emitter<Ids<OrderId>>;
beforeEach(async () => {
  database = await openDatabase(sqliteDialect(':memory:'));
  const { store } = database;
  streams = new OrderStreams({ most: 1_000 });
  polls = 0;
  trust = { areTrusted: true, losses: 1 };
  ordersChanged = new Emitter();
  const counted = {
    openOrders: () => {
      polls += 1;
      return streams.openOrders();
    },
    noteVersion: (id: OrderId, version: string) => streams.noteVersion(id, version),
  };
  const notifications = {
    get areTrusted() {
      return trust.areTrusted;
    },
    get losses() {
      return trust.losses;
    },
    ordersChanged: { on: (listener: (ids: Ids<OrderId>) => void) => ordersChanged.on(listener), publish: () => {} },
  };
  poll = new OpenPagesPoll({ streams: counted, store, notifications, log: { info: () => {}, warn: () => {} } });
});
afterEach(async () => {
  await poll.stop();
  streams.close();
  await database.store.close();
});

async function openPages(count: number): Promise<{ orders: Order[]; pages: OpenPage[] }> {
  const orders: Order[] = [];
  while (orders.length < count) orders.push(...(await storedOrders(database.store)));
  const pages = orders.slice(0, count).map((order) => {
    const page = new OpenPage();
    streams.add(order.terms.id, page.response, orderVersion({ order, tipHeight: 0 }, []), '192.0.2.1');
    return page;
  });
  return { orders: orders.slice(0, count), pages };
}

/** Stores that an order is cancelled, and notifies nobody. */
async function cancel(order: Order | undefined, { orders } = database.store): Promise<void> {
  if (order === undefined) throw new Error('no order');
  const state = { status: 'cancelled', cancelledAt: order.terms.createdAt } as const;
  await orders.update({ ...order, state }, judged({ blockchainStatus: 'cancelled' }));
}

describe('the poll of open pages', () => {
  test('updates the pages whose orders have changed while notifications are not trusted, and no others', async () => {
    trust = { areTrusted: false, losses: 1 };
    const { orders, pages } = await openPages(250);
    await cancel(orders[0]);
    await cancel(orders[249]);
    poll.start();
    await vi.waitFor(() => expect([pages[0]?.changes, pages[249]?.changes]).toEqual([1, 1]));
    await cancel(orders[120]);
    await vi.waitFor(() => expect(pages[120]?.changes).toBe(1));
    expect(pages.reduce((sum, { changes }) => sum + changes, 0)).toBe(3);
  });

  test('updates the page of an order whose refund has changed, and no other', async () => {
    trust = { areTrusted: false, losses: 1 };
    const { orders, pages } = await openPages(2);
    const [{ terms }] = orders as [Order];
    poll.start();
    await vi.waitFor(() => expect(polls).toBeGreaterThan(0));
    await database.store.refunds.insert({
      id: parseId<RefundId>('0b0e6a3c-2a58-4a57-9f0a-000000000001'),
      orderId: terms.id,
      posId: terms.posId,
      requestedBy: 'merchant',
      requestedAt: terms.createdAt,
      address: 'address',
      sinceHeight: null,
      reason: null,
      state: { status: 'requested' },
      seal: null,
    });
    await vi.waitFor(() => expect(pages.map(({ changes }) => changes)).toEqual([1, 0]), 5_000);
  });

  test('reads once more when notifications are trusted again, and nothing from then on', async () => {
    trust = { areTrusted: false, losses: 1 };
    const { orders, pages } = await openPages(1);
    poll.start();
    await vi.waitFor(() => expect(polls).toBe(1));
    await cancel(orders[0]);
    trust = { areTrusted: true, losses: 1 };
    await vi.waitFor(() => expect(pages[0]?.changes).toBe(1));
    // Lost and trusted again between two looks.
    const before = polls;
    trust = { areTrusted: true, losses: 2 };
    await vi.waitFor(() => expect(polls).toBe(before + 1));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(polls).toBe(before + 1);
  });

  test('reads the orders when too many have changed to be named', async () => {
    const { orders, pages } = await openPages(2);
    poll.start();
    await vi.waitFor(() => expect(polls).toBe(1));
    await cancel(orders[1]);
    ordersChanged.emit([orders[1]?.terms.id as OrderId]);
    ordersChanged.emit('all');
    await vi.waitFor(() => expect(pages.map(({ changes }) => changes)).toEqual([0, 1]));
  });

  test('on SQLite updates pages after a command has written, and reads nothing otherwise', async () => {
    const path = join(await temporaryFolder(), 'webpos.db');
    const [own, command] = [await openDatabase(sqliteDialect(path)), await openDatabase(sqliteDialect(path))];
    const [first, second] = (await storedOrders(own.store, {}, {})) as [Order, Order];
    const pages = [first, second].map((order) => {
      const page = new OpenPage();
      streams.add(order.terms.id, page.response, orderVersion({ order, tipHeight: 0 }, []), '192.0.2.1');
      return page;
    });
    let reads = 0;
    const counted = {
      openOrders: () => {
        reads += 1;
        return streams.openOrders();
      },
      noteVersion: streams.noteVersion.bind(streams),
    };
    const { store } = own;
    const onSqlite = new OpenPagesPoll({
      streams: counted,
      store,
      notifications: undefined,
      log: { info: () => {}, warn: () => {} },
    });
    onSqlite.start();
    // Our own writes notify the pages directly.
    await cancel(first, own.store);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(reads).toBe(0);
    await cancel(second, command.store);
    await vi.waitFor(() => expect(pages[1]?.changes).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(reads).toBe(1);
    await onSqlite.stop();
    await Promise.all([own.store.close(), command.store.close()]);
  });

  test('updates a page that was opened before another one of the same order', async () => {
    const { orders, pages } = await openPages(1);
    const [order] = orders as [Order];
    await cancel(order);
    const later = (await database.store.orders.getMany([order.terms.id])) as [Order];
    const page = new OpenPage();
    streams.add(order.terms.id, page.response, orderVersion({ order: later[0], tipHeight: 0 }, []), '192.0.2.1');
    expect(pages[0]?.changes).toBe(1);
  });
});
