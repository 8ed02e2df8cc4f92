import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { blockOf } from '../../../test/support/samples.ts';
import { WalkQueues } from './order-lists/walk-queues.ts';
import { ListMarks } from './order-lists/list-marks.ts';
import { hotQuery, hotQueryForEach } from './hot-query.ts';
import type { SqlContext } from './sql-context.ts';

await onEveryDatabase('hot-query.test.ts', (database) => {
  const context = (): SqlContext => ({
    db: database.db,
    dialect: database.dialect,
    inTransaction: false,
    cache: undefined,
    changed: () => {},
    claimed: () => {},
    posChanged: async () => {},
    orderMoved: async () => {},
    marks: new ListMarks(),
    walks: new WalkQueues(),
    wantedNotices: { kinds: undefined },
  });

  test('a hot query uses the values of each call, and is built once', async () => {
    let builds = 0;
    const between = hotQuery<{ min: number; max: number }>()((db, { min, max }) => {
      builds += 1;
      return db
        .selectFrom('chain_blocks')
        .select('height')
        .where('height', '<=', max)
        .where('height', '>=', min)
        .where('height', '!=', 3)
        .orderBy('height');
    });
    await database.store.chain.append([1, 2, 3, 4, 5].map((height) => blockOf(height)));
    const heights = async (min: number, max: number): Promise<number[]> =>
      (await between(context(), { min, max })).rows.map(({ height }) => Number(height));
    expect(await heights(1, 2)).toEqual([1, 2]);
    expect(await heights(2, 5)).toEqual([2, 4, 5]);
    expect(await Promise.all([heights(1, 1), heights(4, 4)])).toEqual([[1], [4]]);
    expect(builds).toBe(1);
  });

  test('a hot query for each set of values writes all, counts them, and returns the rows of all', async () => {
    const insert = hotQueryForEach<{ height: number }>()((db, { height }) =>
      db
        .insertInto('chain_blocks')
        .values({ height, hash: 'x' })
        .onConflict((conflict) => conflict.doNothing()),
    );
    const rename = hotQueryForEach<{ height: number; hash: string }>()((db, { height, hash }) =>
      db.updateTable('chain_blocks').set({ hash }).where('height', '=', height).returning('hash'),
    );
    const blocks = [1, 2, 2, 3].map((height) => ({ height, hash: `hash ${height}` }));
    expect(await insert(context(), [])).toEqual({ rows: [], written: 0 });
    expect(await insert(context(), blocks)).toEqual({ rows: [], written: 3 });
    expect((await rename(context(), [...blocks, { height: 9, hash: 'none' }])).rows).toEqual(
      blocks.map(({ hash }) => ({ hash })),
    );
    expect(await database.store.chain.recent(9)).toEqual([3, 2, 1].map((height) => ({ height, hash: `hash ${height}` })));
  });

  test('a hot query for each set of values writes nothing if one fails, in a transaction or on SQLite', async () => {
    const insert = hotQueryForEach<{ height: number }>()((db, { height }) =>
      db.insertInto('chain_blocks').values({ height, hash: 'x' }),
    );
    const twice = [1, 2, 1].map((height) => ({ height }));
    const inTransaction = database.db.transaction().execute((db) => insert({ ...context(), db }, twice));
    await expect(inTransaction).rejects.toThrow(/unique/i);
    expect(await database.store.chain.recent(9)).toEqual([]);
    if (database.dialect.name !== 'sqlite') return;
    await expect(insert(context(), twice)).rejects.toThrow(/unique/i);
    expect(await database.store.chain.recent(9)).toEqual([]);
  });
});
