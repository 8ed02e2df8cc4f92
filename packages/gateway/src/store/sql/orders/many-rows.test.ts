/** Steps of the chain that change many rows do so in statements that are short each. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { assertNoLongStep } from '../../../../test/support/held-steps.ts';
import { IN_FILE, onEveryDatabase, ON_POSTGRES, type TestDatabase } from '../../../../test/support/every-database.ts';
import { blockOf, samplePayment, storedOrders } from '../../../../test/support/samples.ts';
import type { Order } from '../../../orders/order.ts';

const COPIES = 40_000;

/** Copies an order and its payment inside the database, which is much faster than storing that many. */
async function copy({ db }: TestDatabase, { terms }: Order): Promise<void> {
  const numbers = sql`numbers(n) as (select 1 union all select n + 1 from numbers where n < ${sql.lit(COPIES)})`;
  const insert = async (table: 'orders' | 'payments', key: string, changed: Record<string, string>): Promise<void> => {
    const columns = Object.keys(await db.selectFrom(table).selectAll().executeTakeFirstOrThrow());
    const values = columns.map((column) => changed[column] ?? column).join(', ');
    await sql`with recursive ${numbers} insert into ${sql.table(table)} (${sql.raw(columns.join(', '))})
      select ${sql.raw(values)} from ${sql.table(table)} cross join numbers where ${sql.ref(key)} = ${terms.id}`.execute(db);
  };
  await insert('orders', 'id', { id: `'copy ' || n`, script: `'00140' || (1000000 + n)`, address_index: '1000000 + n' });
  await insert('payments', 'order_id', { order_id: `'copy ' || n`, txid: `'txid ' || n` });
}

await onEveryDatabase(
  'many-rows.test.ts',
  (database, name) => {
    test('a tip that becomes lower marks tens of thousands of watched orders, and a large block is rolled back', async () => {
      const { store } = database;
      const [order] = await storedOrders(store);
      const block = blockOf(7);
      await store.orders.placePayment(samplePayment(order, 'x', { place: { kind: 'block', ...block } }));
      await store.orders.watch([order.terms.id]);
      await database.db.updateTable('orders').set({ judge_at_height: 100 }).execute();
      await copy(database, order);
      // In a gateway, a thread of its own makes the checkpoints (`checkpoint-thread.ts`).
      if (name === IN_FILE) await sql`pragma wal_autocheckpoint = 0`.execute(database.db);
      await assertNoLongStep(() => store.transaction((tx) => tx.orders.watchAgain()));
      expect(await store.orders.idsToJudge(0, 100_000)).toHaveLength(COPIES + 1);
      let touched: readonly string[] = [];
      await assertNoLongStep(() =>
        store.transaction(async (tx) => {
          touched = await tx.orders.rollBackBlock(block);
        }),
      );
      expect(new Set(touched).size).toBe(COPIES + 1);
      expect(await store.orders.txidsInBlocks([block])).toEqual([]);
    });
  },
  [IN_FILE, ON_POSTGRES],
);
