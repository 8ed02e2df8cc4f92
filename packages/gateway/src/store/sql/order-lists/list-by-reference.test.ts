/** The list of the orders with one reference: its contents, and that it is read from an index however many orders match. */
import { CompiledQuery, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { onEveryDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { judged, NOON, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import { countOfReference, pageQuery } from './list-orders.ts';

const ALL = { blockchainStatus: undefined, sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 40 } as const;
const SLICE = { backwards: false, offset: 0, rows: 20 };

const body = (database: TestDatabase): void => {
  /** Stores orders with these references, each a millisecond later and one minor unit more expensive than the one before. */
  async function stored(pos: Pos, ...references: readonly (string | null)[]): Promise<OrderId[]> {
    const orders = references.map((reference, n) =>
      sampleOrder(pos, {
        reference,
        createdAt: plusMs(NOON, n),
        fiat: { currency: pos.currency, minorUnits: BigInt(n + 1) },
      }),
    );
    await database.store.transaction((tx) => tx.orders.insert(...orders));
    return orders.map(({ terms }) => terms.id);
  }

  async function listed(pos: Pos, query: Partial<OrderQuery>): Promise<{ total: number; ids: OrderId[] }> {
    const { total, orders } = await database.store.orders.list({ ...ALL, posId: pos.id, ...query });
    return { total, ids: orders.map(({ terms }) => terms.id) };
  }

  async function planOf({ sql: text, parameters }: CompiledQuery): Promise<string> {
    const explain = database.dialect.name === 'sqlite' ? 'explain query plan' : 'explain';
    const { rows } = await database.db.executeQuery(CompiledQuery.raw(`${explain} ${text}`, [...parameters]));
    return [text, ...rows.map((row) => JSON.stringify(row))].join('\n');
  }

  describe('the list of one reference', () => {
    test('contains the orders of the POS with exactly that reference', async () => {
      const [pos, other] = [await storedPos(database.store), await storedPos(database.store)];
      const [first, , third] = await stored(pos, 'cart 42', null, 'cart 42', 'Cart 42', 'cart 4', 'cart 42 ', '');
      const [others] = await stored(other, 'cart 42');
      expect(await listed(pos, { reference: 'cart 42' })).toEqual({ total: 2, ids: [first, third] });
      expect(await listed(pos, { reference: 'cart 42', sortOrder: 'desc' })).toEqual({ total: 2, ids: [third, first] });
      expect(await listed(other, { reference: 'cart 42' })).toEqual({ total: 1, ids: [others] });
      expect((await listed(pos, { reference: '' })).total).toBe(1);
      expect(await listed(pos, { reference: 'cart%' })).toEqual({ total: 0, ids: [] });
    });

    test('can be paged, sorted and filtered by status like any list', async () => {
      const pos = await storedPos(database.store);
      const ids = await stored(pos, 'a', 'a', 'b', 'a', 'a', 'a');
      const ofA = ids.filter((_, n) => n !== 2);
      const pages = await Promise.all([0, 1, 2, 3].map((page) => listed(pos, { reference: 'a', page, pageSize: 2 })));
      expect(pages.map(({ total }) => total)).toEqual([5, 5, 5, 5]);
      expect(pages.flatMap((page) => page.ids)).toEqual(ofA);
      expect((await listed(pos, { reference: 'a', sortBy: 'amount', sortOrder: 'desc' })).ids).toEqual([...ofA].reverse());
      const order = (await database.store.orders.get(ofA[1]!))!;
      await database.store.orders.update(order, judged({ blockchainStatus: 'paid' }));
      expect(await listed(pos, { reference: 'a', blockchainStatus: 'paid' })).toEqual({ total: 1, ids: [ofA[1]] });
      expect((await listed(pos, { reference: 'a', blockchainStatus: 'pending', sortBy: 'amount' })).total).toBe(4);
      expect(await listed(pos, { reference: 'b', blockchainStatus: 'paid' })).toEqual({ total: 0, ids: [] });
    });
  });

  describe('the statements of the list of one reference', () => {
    const QUERIES: readonly Partial<OrderQuery>[] = [
      {},
      { sortOrder: 'desc' },
      { sortBy: 'amount' },
      { blockchainStatus: 'paid' },
      { blockchainStatus: 'pending', sortBy: 'amount' },
      { blockchainStatus: 'paid', sortBy: 'amount' },
    ];

    /** Returns the plans of all statements for the list of a reference. */
    async function plansFor(pos: Pos, reference: string): Promise<string[]> {
      const statements = QUERIES.map((query) => ({ ...ALL, posId: pos.id, reference, ...query })).flatMap((query) => [
        pageQuery(database.db, query, SLICE).compile(),
        countOfReference(database.db, query).compile(),
      ]);
      return Promise.all(statements.map(planOf));
    }

    test.each([
      ['one order', 'cart 42'],
      ['no order', 'nothing has this'],
      ['one order in ten', 'shared'],
    ])('use the index of references if %s has the reference', async (_, reference) => {
      const pos = await storedPos(database.store);
      await stored(pos, ...Array.from({ length: 1000 }, (__, n) => (n % 10 === 0 ? 'shared' : `cart ${n}`)));
      // PostgreSQL may prefer the index of the reference alone while one POS has all orders with it.
      const index = database.dialect.name === 'sqlite' ? /\borders_of_reference\b/ : /\borders_(of_)?reference\b/;
      const before = await plansFor(pos, reference);
      // SQLite has no statistics before this; PostgreSQL gathers them by itself at some time.
      await sql`analyze orders`.execute(database.db);
      for (const plan of [...before, ...(await plansFor(pos, reference))]) {
        expect(plan).toMatch(index);
        expect(plan).not.toMatch(/SCAN|Seq Scan/);
      }
    });
  });
};
await onEveryDatabase('list-by-reference.test.ts', body);
