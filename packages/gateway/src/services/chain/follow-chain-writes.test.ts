/** Counts the rows that following the chain writes. Only SQLite has such a counter; the writes are the same on any database. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { IN_MEMORY, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { World } from '../../../test/support/world.ts';

const counting = (database: TestDatabase): void => {
  async function rowsWritten(): Promise<number> {
    const { rows } = await sql<{ n: number }>`select total_changes() as n`.execute(database.db);
    return rows[0]!.n;
  }

  test('a block writes only the orders that it changes, and only what changes in them', async () => {
    await using world = await World.open({ sql: database.store });
    const writtenBy = async (change: () => Promise<unknown>): Promise<number> => {
      const before = await rowsWritten();
      await change();
      await world.round();
      return (await rowsWritten()) - before;
    };
    const slow = await world.order('10.00', { requiredConfirmations: 3 });
    const orders = await Promise.all(Array.from({ length: 29 }, () => world.order('10.00', { requiredConfirmations: 1 })));
    for (const order of [slow, ...orders]) await world.pay(order);
    await world.mine();
    await world.round();
    // Only the block, although every payment has one more confirmation.
    expect(await writtenBy(() => world.mine())).toBe(1);
    // The block, the order that is paid, its payment, two counters, and its callback in at most three tables.
    expect(await writtenBy(() => world.mine())).toBeLessThanOrEqual(8);
    expect(await world.status(slow)).toBe('paid');
    expect(await writtenBy(() => world.mine())).toBe(1);
    expect(await writtenBy(async () => {})).toBe(0);
  });
};
await onEveryDatabase('follow-chain-writes.test.ts', counting, [IN_MEMORY]);
