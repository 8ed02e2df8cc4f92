/** What one process does reaches the others on the same PostgreSQL: by notifications, and without them by polling. */
import { afterEach, expect, test, vi } from 'vitest';
import { findPgBouncer, startPgBouncer } from '../../../../test/support/pgbouncer.ts';
import { ON_POSTGRES, onEveryPlace, openDatabase } from '../../test/support/every-database.ts';
import { OpenPage } from '../../test/support/open-page.ts';
import { judged, storedOrders } from '../../test/support/samples.ts';
import type { Order } from '../orders/order.ts';
import type { SqlDialect } from '../store/sql/dialects/dialect.ts';
import { postgresDialect } from '../store/sql/dialects/postgres.ts';
import type { Notifications } from '../store/ports/notifications.ts';
import type { Store } from '../store/ports/store.ts';
import { orderVersion } from '../web/shared/order-version.ts';
import { OpenPagesPoll } from '../web/checkout/open-pages-poll.ts';
import { OrderStreams } from '../web/shared/order-streams.ts';
import { openSignals, type Signals } from './opening.ts';
import { shareSignals } from './share-signals.ts';

const pgBouncer = findPgBouncer('share-signals.test.ts');
const log = { info: () => {}, warn: () => {} };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The parts of a gateway that hear of others. */
interface Process {
  readonly store: Store;
  readonly notifications: Notifications;
  readonly signals: Signals;
  readonly poll: OpenPagesPoll;
  /** What its parts were told, in order. */
  readonly told: string[];
  open(order: Order): OpenPage;
}

async function openProcess(dialect: SqlDialect): Promise<Process> {
  const { store } = await openDatabase(dialect);
  const notifications = store.openNotifications(log);
  if (notifications === undefined) throw new Error('expected notifications');
  const signals = openSignals();
  shareSignals(signals, notifications);
  const streams = new OrderStreams({ most: 10 });
  const poll = new OpenPagesPoll({ streams, store, notifications, log });
  closing.push(
    () => store.close(),
    () => notifications.close(),
    () => poll.stop(),
    () => streams.close(),
  );
  const told: string[] = [];
  signals.ordersChanged.on((ids) => {
    streams.notify(ids);
    told.push(`orders ${[...ids].join()}`);
  });
  signals.tipMoved.on(() => told.push('tip'));
  signals.callbackStored.on(() => told.push('callback'));
  return {
    store,
    notifications,
    signals,
    poll,
    told,
    open: (order) => {
      const page = new OpenPage();
      streams.add(order.terms.id, page.response, orderVersion({ order, tipHeight: 0 }, []), '192.0.2.1');
      return page;
    },
  };
}

const trusted = ({ notifications }: Process): Promise<void> => vi.waitFor(() => expect(notifications.areTrusted).toBe(true));

async function cancel({ store, signals }: Process, order: Order): Promise<void> {
  const state = { status: 'cancelled', cancelledAt: order.terms.createdAt } as const;
  await store.orders.update({ ...order, state }, judged({ blockchainStatus: 'cancelled' }));
  signals.ordersChanged.emit([order.terms.id]);
}

await onEveryPlace(
  'share-signals.test.ts',
  (place) => {
    test('a change reaches the parts and open pages of every process once, without a poll', async () => {
      const [one, other, third] = [
        await openProcess(place().connect()),
        await openProcess(place().connect()),
        await openProcess(place().connect()),
      ];
      await Promise.all([one, other, third].map(trusted));
      const [order] = await storedOrders(one.store);
      const page = other.open(order);
      await cancel(one, order);
      one.signals.tipMoved.emit();
      one.signals.callbackStored.emit();
      await vi.waitFor(() => expect(page.changes).toBe(1));
      const all = [`orders ${order.terms.id}`, 'tip', 'callback'];
      await vi.waitFor(() => expect([one, other, third].map(({ told }) => told)).toEqual([all, all, all]));
      // Nobody has passed on what it has heard: that would arrive before this.
      other.signals.tipMoved.emit();
      await vi.waitFor(() =>
        expect([one, third].map(({ told }) => told)).toEqual([
          [...all, 'tip'],
          [...all, 'tip'],
        ]),
      );
    });

    test('what only this process need know is not passed on', async () => {
      const [one, other] = [await openProcess(place().connect()), await openProcess(place().connect())];
      await Promise.all([one, other].map(trusted));
      const [order] = await storedOrders(one.store);
      one.signals.ordersChanged.emitHere([order.terms.id]);
      one.signals.tipMoved.emit();
      await vi.waitFor(() => expect(other.told).toEqual(['tip']));
      expect(one.told).toEqual([`orders ${order.terms.id}`, 'tip']);
    });

    // skip: no PgBouncer is available; the finder says why, and fails where CI is set
    test.skipIf(pgBouncer === undefined)('a change reaches open pages behind a pooler that swallows notifications', async () => {
      const { address } = place();
      if (!('schema' in address)) throw new Error('expected PostgreSQL');
      const one = await openProcess(place().connect());
      const pooler = await startPgBouncer(pgBouncer ?? '', address.url, address.schema);
      closing.push(() => pooler[Symbol.asyncDispose]());
      const behind = await openProcess(postgresDialect(pooler.url));
      const [order] = await storedOrders(one.store);
      const page = behind.open(order);
      behind.poll.start();
      await cancel(one, order);
      await vi.waitFor(() => expect(page.changes).toBe(1));
      expect([behind.told, behind.notifications.areTrusted]).toEqual([[], false]);
    });
  },
  [ON_POSTGRES],
);
