/** Pages of lists, compared with a list of all orders, in steps so small that every page is deep inside. */
import { beforeEach, expect, test } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { judged, NOON, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { Order } from '../../../orders/order.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import { OrderCounts } from '../orders/order-counts.ts';
import { SqlOrders } from '../orders/orders.ts';
import type { SqlContext } from '../sql-context.ts';
import { ListMarks } from './list-marks.ts';
import { WalkQueues } from './walk-queues.ts';
import { listIds, type ListedIds } from './list-orders.ts';

const TINY = { indexRows: 4, filtered: 3, filteredByAmount: 2, sorted: 5 };
const STATUSES = ['pending', 'paid', 'expired'] as const;
type Status = (typeof STATUSES)[number];

/** The same for the same seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Orders in the store, and what is expected of them. */
class Shop {
  readonly context: SqlContext;
  readonly orders: SqlOrders;
  readonly statuses = new Map<OrderId, Status>();
  readonly stored: Order[] = [];
  nowMs = 0;

  readonly pos: Pos;

  constructor(database: TestDatabase, pos: Pos) {
    this.pos = pos;
    const marks = new ListMarks(() => this.nowMs);
    this.context = {
      db: database.db,
      dialect: database.dialect,
      inTransaction: false,
      cache: undefined,
      marks,
      walks: new WalkQueues(),
      wantedNotices: { kinds: undefined },
      changed: () => {},
      claimed: () => {},
      posChanged: async () => {},
      orderMoved: async (move) => {
        const counts = new OrderCounts();
        counts.note(move);
        await counts.write(this.context);
        marks.noteMoves([move]);
      },
    };
    this.orders = new SqlOrders(this.context);
  }

  async add(at: number, minorUnits: number, reference: string | null): Promise<void> {
    const fiat = { currency: this.pos.currency, minorUnits: BigInt(minorUnits) };
    const order = sampleOrder(this.pos, { createdAt: plusMs(NOON, at), fiat, reference });
    await this.orders.insert(order);
    this.stored.push(order);
    this.statuses.set(order.terms.id, 'pending');
  }

  async move(order: Order, status: Status): Promise<void> {
    await this.orders.update(order, judged({ blockchainStatus: status }));
    this.statuses.set(order.terms.id, status);
  }

  /** The ids of a whole list. */
  expected({ blockchainStatus, reference, sortBy, sortOrder }: OrderQuery): OrderId[] {
    const compareIds = (a: Order, b: Order): number => (a.terms.id < b.terms.id ? -1 : 1);
    const by = (a: Order, b: Order): number =>
      sortBy === 'amount' ? Number(a.terms.fiat.minorUnits - b.terms.fiat.minorUnits) : a.terms.createdAt - b.terms.createdAt;
    const ids = this.stored
      .filter(({ terms }) => blockchainStatus === undefined || this.statuses.get(terms.id) === blockchainStatus)
      .filter(({ terms }) => reference === undefined || terms.reference === reference)
      .sort((a, b) => by(a, b) || compareIds(a, b))
      .map(({ terms }) => terms.id);
    return sortOrder === 'asc' ? ids : ids.reverse();
  }

  page(query: OrderQuery): Promise<ListedIds> {
    return listIds(this.context, query, undefined, TINY);
  }

  expectedPage(query: OrderQuery): ListedIds {
    const all = this.expected(query);
    const start = query.page * query.pageSize;
    return { total: all.length, ids: all.slice(start, start + query.pageSize) };
  }
}

await onEveryDatabase(
  'list-orders.test.ts',
  (database) => {
    let shop: Shop;
    beforeEach(async () => {
      shop = new Shop(database, await storedPos(database.store));
    });

    async function fill(count: number, random: (below: number) => number): Promise<void> {
      for (let n = 0; n < count; n += 1)
        // Several from the same millisecond, and amounts of different lengths.
        await shop.add(Math.floor(n / 3), 10 ** random(4) + random(5), [null, 'a', 'a', 'b'][random(4)]!);
      for (const order of shop.stored) if (random(3) > 0) await shop.move(order, STATUSES[random(3)]!);
    }

    function everyQuery(page: number, pageSize: number): OrderQuery[] {
      return (['created_at', 'amount'] as const).flatMap((sortBy) =>
        (['asc', 'desc'] as const).flatMap((sortOrder) =>
          [undefined, ...STATUSES].flatMap((blockchainStatus) =>
            [undefined, 'a', 'b', 'none'].map((reference) => ({
              posId: shop.pos.id,
              sortBy,
              sortOrder,
              blockchainStatus,
              reference,
              page,
              pageSize,
            })),
          ),
        ),
      );
    }

    test('every page of every list has the orders of that page', async () => {
      await fill(60, randomNumbers(1));
      for (const page of [0, 7, 3, 4, 5, 11, 19])
        for (const query of everyQuery(page, 3))
          expect(await shop.page(query), JSON.stringify(query)).toEqual(shop.expectedPage(query));
    });

    test('pages stay right while orders are created and change their status', async () => {
      const random = randomNumbers(2);
      await fill(60, random);
      for (let round = 0; round < 12; round += 1) {
        const queries = everyQuery(random(15), 1 + random(4));
        for (let n = 0; n < 10; n += 1) {
          const query = queries[random(queries.length)]!;
          expect(await shop.page(query), JSON.stringify(query)).toEqual(shop.expectedPage(query));
        }
        // Also with an older time, as after the clock was set back.
        await shop.add(random(40), 10 ** random(4) + random(5), 'a');
        await shop.move(shop.stored[random(shop.stored.length)]!, STATUSES[random(3)]!);
      }
    });

    test('a page deep inside is read from a mark nearby, and the pages next to it too', async () => {
      for (let n = 0; n < 100; n += 1) await shop.add(n, 1, null);
      const everything = {
        posId: shop.pos.id,
        blockchainStatus: undefined,
        sortBy: 'created_at',
        sortOrder: 'desc',
        pageSize: 2,
      } as const;
      const passed = async (page: number): Promise<number> => {
        let rows = 0;
        await listIds(shop.context, { ...everything, page }, (some) => (rows += some), TINY);
        return rows;
      };
      expect(await passed(0)).toBe(0);
      expect(await passed(4)).toBe(8);
      expect(await passed(25)).toBeGreaterThan(30);
      expect(await passed(25)).toBeLessThanOrEqual(4);
      for (const page of [26, 27, 28, 29, 24, 23, 22]) expect(await passed(page)).toBeLessThanOrEqual(4);
      for (const page of [26, 27, 28])
        expect(await shop.page({ ...everything, page })).toEqual(shop.expectedPage({ ...everything, page }));
    });

    test('the largest orders of a frequent status are found along the amounts of all orders', async () => {
      await fill(60, randomNumbers(3));
      for (const order of shop.stored.slice(5)) await shop.move(order, 'paid');
      for (const sortOrder of ['asc', 'desc'] as const)
        for (const page of [0, 1, 2, 3]) {
          const query = {
            posId: shop.pos.id,
            blockchainStatus: 'paid',
            reference: undefined,
            sortBy: 'amount',
            sortOrder,
            page,
            pageSize: 3,
          } as const;
          let passed = 0;
          const { ids } = await listIds(shop.context, query, (rows) => void (passed += rows), TINY);
          expect(ids, JSON.stringify(query)).toEqual(shop.expectedPage(query).ids);
          if (page === 0) expect(passed).toBeLessThan(20);
        }
    });

    test('a page that may not pass more orders is refused, and leaves its marks', async () => {
      for (let n = 0; n < 60; n += 1) await shop.add(n, 1, null);
      const query = {
        posId: shop.pos.id,
        blockchainStatus: undefined,
        sortBy: 'amount',
        sortOrder: 'asc',
        page: 15,
        pageSize: 2,
      } as const;
      let left = 8;
      const spend = (rows: number): void => {
        if (rows > left) throw new Error('too many');
        left -= rows;
      };
      await expect(listIds(shop.context, query, spend, TINY)).rejects.toThrow('too many');
      left = 30 - 8;
      expect((await listIds(shop.context, query, spend, TINY)).ids).toEqual(shop.expected(query).slice(30, 32));
    });

    test('a POS that asks for many pages at once waits for itself, and no other POS does', async () => {
      for (let n = 0; n < 60; n += 1) await shop.add(n, 1, null);
      const other = new Shop(database, await storedPos(database.store));
      for (let n = 0; n < 60; n += 1) await other.add(n, 1, null);
      const query = {
        blockchainStatus: undefined,
        reference: undefined,
        sortBy: 'created_at',
        sortOrder: 'asc',
        pageSize: 2,
      } as const;
      const walked: number[] = [];
      const pages = Array.from({ length: 10 }, (_, n) => ({ ...query, posId: shop.pos.id, page: 10 + n }));
      const endFirst = await shop.context.walks.begin(shop.pos.id);
      const many = pages.map((page) => listIds(shop.context, page, () => void walked.push(page.page), TINY));
      const one = { ...query, posId: other.pos.id, page: 15 };
      expect(await listIds(shop.context, one, undefined, TINY)).toEqual(other.expectedPage(one));
      expect(walked).toEqual([]);
      endFirst();
      expect(await Promise.all(many)).toEqual(pages.map((page) => shop.expectedPage(page)));
      const inTurn = walked.filter((page, n) => page !== walked[n - 1]);
      expect(inTurn).toEqual([...new Set(inTurn)]);
    });

    test('a change by another process is noticed after a minute', async () => {
      for (let n = 0; n < 60; n += 1) await shop.add(n, 1, null);
      for (const order of shop.stored) await shop.move(order, 'paid');
      const query = {
        posId: shop.pos.id,
        blockchainStatus: 'paid',
        sortBy: 'created_at',
        sortOrder: 'asc',
        page: 14,
        pageSize: 2,
      } as const;
      expect(await shop.page(query)).toEqual(shop.expectedPage(query));
      const order = shop.stored[3]!;
      await database.store.orders.update(order, judged({ blockchainStatus: 'expired' }));
      shop.statuses.set(order.terms.id, 'expired');
      shop.nowMs = 60_000;
      expect(await shop.page(query)).toEqual(shop.expectedPage(query));
    });
  },
  [IN_MEMORY, ON_POSTGRES],
);
