/** What following the chain writes, counted by SQLite, the one database that has such a count; what is written is the same on any. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { IN_MEMORY, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { World } from '../../../test/support/world.ts';

const counting = (database: TestDatabase): void => {
  async function rowsWritten(): Promise<number> {
    const { rows } = await sql<{ n: number }>`select total_changes() as n`.execute(database.db);
    return rows[0]!.n;
  }

  test('a block writes nothing of the orders that it leaves as they are, and of another what it changes', async () => {
    await using world = await World.open({ sql: database.store });
    const writtenBy = async (what: () => Promise<unknown>): Promise<number> => {
      const before = await rowsWritten();
      await what();
      await world.round();
      return (await rowsWritten()) - before;
    };
    const slow = await world.order('10.00', { requiredConfirmations: 3 });
    const orders = await Promise.all(Array.from({ length: 29 }, () => world.order('10.00', { requiredConfirmations: 1 })));
    for (const order of [slow, ...orders]) await world.pay(order);
    await world.mine();
    await world.round();
    // The block itself; all orders are looked at, and are one block deeper.
    expect(await writtenBy(() => world.mine())).toBe(1);
    // The block, the order that is paid now, its payment, two counts of orders, and its callback in three tables at most.
    expect(await writtenBy(() => world.mine())).toBeLessThanOrEqual(8);
    expect(await world.status(slow)).toBe('paid');
    expect(await writtenBy(() => world.mine())).toBe(1);
    expect(await writtenBy(async () => {})).toBe(0);
  });
};
await onEveryDatabase('follow-chain-writes.test.ts', counting, [IN_MEMORY]);
