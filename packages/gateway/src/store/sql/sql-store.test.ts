import { describe, expect, test } from 'vitest';
import {
  IN_FILE,
  ON_POSTGRES,
  onEveryDatabase,
  onEveryPlace,
  openDatabase,
  type TestDatabase,
  type TestPlace,
} from '../../../test/support/every-database.ts';
import {
  blockOf,
  MINUTE_MS,
  NOON,
  sampleAccount,
  sampleCallback,
  sampleOrder,
  samplePayment,
  samplePos,
  storedOrders,
} from '../../../test/support/samples.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { Order } from '../../orders/order.ts';
import type { StoreTransaction } from '../ports/store.ts';
import { CorruptRowError } from './corrupt-row-error.ts';
import type { Tables } from './tables.ts';

await onEveryDatabase('sql-store.test.ts', (database) => {
  describe('a transaction', () => {
    const account = sampleAccount();
    const pos = samplePos(account);
    const order = sampleOrder(pos);
    /** Writes to the main tables. */
    async function writeAll(tx: StoreTransaction): Promise<void> {
      await tx.accounts.insert(account);
      await tx.accounts.takeIndexes(account.id, 1);
      await tx.pos.insert(pos);
      await tx.orders.insert(order);
      await tx.orders.placePayment(samplePayment(order, 'x'));
      await tx.orders.watch([order.terms.id]);
      await tx.chain.append([blockOf(1)]);
      await tx.callbacks.insert([sampleCallback(order)]);
    }

    test('returns the result of its work, and stores everything', async () => {
      const answer = await database.store.transaction(async (tx) => {
        await writeAll(tx);
        return 'done';
      });
      expect(answer).toBe('done');
      expect(await rowCounts(database)).toEqual({ accounts: 1, pos: 1, orders: 1, payments: 1, chain_blocks: 1, callbacks: 1 });
    });

    test('that throws stores nothing, and rejects with the same error', async () => {
      const fault = new Error('the work failed');
      const failing = database.store.transaction(async (tx) => {
        await writeAll(tx);
        throw fault;
      });
      await expect(failing).rejects.toBe(fault);
      expect(await rowCounts(database)).toEqual({ accounts: 0, pos: 0, orders: 0, payments: 0, chain_blocks: 0, callbacks: 0 });
    });

    test('with a refused statement stores nothing of what came before it', async () => {
      const failing = database.store.transaction(async (tx) => {
        await writeAll(tx);
        await tx.chain.append([blockOf(1, 'other')]);
      });
      await expect(failing).rejects.toThrow(/unique/i);
      expect(await rowCounts(database)).toMatchObject({ orders: 0, chain_blocks: 0, callbacks: 0 });
    });

    test('sees its own writes, which others do not see before its end', async () => {
      let seenInside = 0;
      let outside: Promise<unknown> | undefined;
      await database.store.transaction(async (tx) => {
        await tx.accounts.insert(account);
        seenInside = (await tx.accounts.list()).length;
        // Requested while the transaction is open: SQLite may answer after it, PostgreSQL at once, neither with half of it.
        outside = database.store.accounts.list();
      });
      expect(seenInside).toBe(1);
      expect([[], [account]]).toContainEqual(await outside);
      expect(await database.store.accounts.list()).toEqual([account]);
    });

    test('that fails leaves the store usable', async () => {
      await expect(database.store.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
      await database.store.transaction(writeAll);
      expect(await database.store.orders.get(order.terms.id)).toBeDefined();
    });
  });

  describe('a corrupt row is reported', () => {
    type Change = (order: Order) => Promise<unknown>;
    const setStatus = (status: string): Change => {
      return ({ terms }) => database.db.updateTable('orders').set({ status }).where('id', '=', terms.id).execute();
    };
    const setPayment = (place: string): Change => {
      return () => database.db.updateTable('payments').set({ place, block_height: null }).execute();
    };
    const setCallback = (status: string): Change => {
      return () => database.db.updateTable('callbacks').set({ status }).execute();
    };
    test.each<[string, Change, 'orders' | 'callbacks']>([
      ['an order with an unknown status', setStatus('refunded'), 'orders'],
      ['a paid order without its time', setStatus('paid'), 'orders'],
      ['a disputed order without its time', setStatus('disputed'), 'orders'],
      ['an expired order without its time', setStatus('expired'), 'orders'],
      ['a payment with an unknown place', setPayment('orbit'), 'orders'],
      ['a payment in a block without a height', setPayment('block'), 'orders'],
      ['a callback with an unknown status', setCallback('lost'), 'callbacks'],
      ['a failed callback without its time', setCallback('failed'), 'callbacks'],
      ['a delivered callback without its time', setCallback('delivered'), 'callbacks'],
    ])('for %s', async (_, corrupt, entity) => {
      const [order] = await storedOrders(database.store);
      await database.store.orders.placePayment(samplePayment(order, 'x'));
      await database.store.callbacks.insert([sampleCallback(order)]);
      await corrupt(order);
      const reading =
        entity === 'orders' ? database.store.orders.get(order.terms.id) : database.store.callbacks.ofOrder(order.terms.id);
      await expect(reading).rejects.toThrow(CorruptRowError);
    });
  });
});

// A database in memory is lost with its connection.
const PERSISTENT = [IN_FILE, ON_POSTGRES] as const;
const reopening = (place: () => TestPlace): void => {
  test('the contents of a store are there after it was closed and opened again', async () => {
    const first = await openDatabase(place().connect());
    const [order] = await storedOrders(first.store, { expiresAt: plusMs(NOON, MINUTE_MS) });
    await first.store.close();
    const second = await openDatabase(place().connect());
    try {
      expect(await second.store.orders.get(order.terms.id)).toEqual(order);
      expect(await second.store.orders.nextDeadline()).toBe(order.terms.expiresAt);
    } finally {
      await second.store.close();
    }
  });
};
await onEveryPlace('sql-store.test.ts', reopening, PERSISTENT);

async function rowCounts({ db }: Pick<TestDatabase, 'db'>): Promise<Partial<Record<keyof Tables, number>>> {
  const counts: Partial<Record<keyof Tables, number>> = {};
  for (const table of ['accounts', 'pos', 'orders', 'payments', 'chain_blocks', 'callbacks'] as const) {
    const rows = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('rows'))
      .execute();
    counts[table] = Number(rows[0]!.rows);
  }
  return counts;
}
