/** The list of the orders with one reference. */
import { describe, expect, test } from 'vitest';
import { onEveryDatabase, type TestDatabase } from '../../../../test/support/every-database.ts';
import { judged, NOON, sampleOrder, storedPos } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { OrderQuery } from '../../ports/order-store.ts';

const ALL = { blockchainStatus: undefined, sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 40 } as const;

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
};
await onEveryDatabase('list-by-reference.test.ts', body);
