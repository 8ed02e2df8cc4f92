/** However many payments a block contains, the event loop turns while they are stored. */
import { describe, expect, it } from 'vitest';
import { replaced } from '../../../test/support/crashing-store.ts';
import { assertNoLongStep } from '../../../test/support/held-steps.ts';
import { IN_FILE, onEveryDatabase, ON_POSTGRES } from '../../../test/support/every-database.ts';
import type { SqlStore } from '../../store/sql/sql-store.ts';
import { World } from '../../../test/support/world.ts';

const ORDERS = 2_000;
const MAX_IN_TRANSACTION = 250;
const OUTPUTS_PER_TRANSACTION = 500;

await onEveryDatabase(
  'large-blocks.test.ts',
  (database) => {
    describe('a block with thousands of payments', () => {
      it('is stored and judged without a step that holds the thread', async () => {
        await using world = await World.open({ sql: database.store });
        const orders = await Promise.all(
          Array.from({ length: ORDERS }, () => world.order('10.00', { requiredConfirmations: 1 })),
        );
        for (let first = 0; first < ORDERS; first += OUTPUTS_PER_TRANSACTION) {
          const outputs = orders.slice(first, first + OUTPUTS_PER_TRANSACTION).map(({ terms }) => terms);
          await world.chain.send(outputs.map(({ script, amount }) => ({ script, amount })));
        }
        await world.mine();
        await assertNoLongStep(() => world.round());
        for (const order of [orders[0]!, orders.at(-1)!]) expect((await world.read(order)).state.status).toBe('paid');
      });

      it('is stored in bounded transactions, of which the last moves the position in the chain and sets the places', async () => {
        const { sql, stored } = recorded(database.store);
        await using world = await World.open({ sql: database.store, store: sql });
        const orders = await Promise.all(
          Array.from({ length: MAX_IN_TRANSACTION + 10 }, () => world.order('10.00', { requiredConfirmations: 1 })),
        );
        await world.chain.send(orders.map(({ terms: { script, amount } }) => ({ script, amount })));
        await world.mine();
        stored.length = 0;
        await world.round();
        expect(stored.filter(({ payments, blocks }) => payments + blocks > 0)).toEqual([
          { payments: MAX_IN_TRANSACTION, places: 0, blocks: 0 },
          { payments: 10, places: 0, blocks: 0 },
          { payments: 0, places: orders.length, blocks: 1 },
        ]);
        for (const order of orders) expect((await world.read(order)).state.status).toBe('paid');
      });

      it('is stored in bounded transactions when it replaces one with as many', async () => {
        const { sql, stored } = recorded(database.store);
        await using world = await World.open({ sql: database.store, store: sql });
        const count = MAX_IN_TRANSACTION + 10;
        const orders = await Promise.all(
          Array.from({ length: 2 * count }, () => world.order('10.00', { requiredConfirmations: 1 })),
        );
        const pay = (some: typeof orders): Promise<unknown> =>
          world.chain.send(some.map(({ terms: { script, amount } }) => ({ script, amount })));
        await pay(orders.slice(0, count));
        await world.mine();
        await world.round();
        stored.length = 0;
        await world.chain.reorganize({ depth: 1, others: 'waiting' });
        await pay(orders.slice(count));
        await world.mine();
        await world.round();
        const chain = stored.filter(({ payments, blocks }) => payments + blocks > 0);
        expect(chain.reduce((sum, { payments }) => sum + payments, 0)).toBe(count);
        for (const { payments } of chain) expect(payments).toBeLessThanOrEqual(MAX_IN_TRANSACTION);
        expect(chain.filter(({ blocks }) => blocks > 0)).toEqual([
          { payments: 0, places: orders.length, blocks: expect.any(Number) as number },
        ]);
        for (const order of orders) expect((await world.read(order)).state.status).toBe('paid');
      });
    });
  },
  [IN_FILE, ON_POSTGRES],
);

interface StoredTogether {
  payments: number;
  places: number;
  blocks: number;
}

/** Counts what the transactions of a store write about the chain. */
function recorded(sql: SqlStore): { readonly sql: SqlStore; readonly stored: StoredTogether[] } {
  const stored: StoredTogether[] = [];
  const transaction: SqlStore['transaction'] = (work) => {
    const now: StoredTogether = { payments: 0, places: 0, blocks: 0 };
    stored.push(now);
    const counted: Readonly<Record<string, (first: unknown) => void>> = {
      placePayment: () => (now.payments += 1),
      recordPayment: () => (now.payments += 1),
      setPlaces: (outPoints) => (now.places += (outPoints as unknown[]).length),
      append: (blocks) => (now.blocks += (blocks as unknown[]).length),
    };
    const count = <T extends object>(entity: T): T =>
      replaced(entity, (name, method) => {
        if (typeof method !== 'function') return method;
        return (...given: unknown[]): unknown => {
          counted[name]?.(given[0]);
          return Reflect.apply(method, entity, given);
        };
      });
    return sql.transaction((tx) => work({ ...tx, orders: count(tx.orders), chain: count(tx.chain) }));
  };
  return { sql: { ...sql, transaction }, stored };
}
