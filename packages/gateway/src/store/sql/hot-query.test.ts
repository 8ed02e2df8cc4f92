import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { blockOf } from '../../../test/support/samples.ts';
import { hotQuery, hotQueryForEach } from './hot-query.ts';
import type { SqlContext } from './sql-context.ts';

await onEveryDatabase('hot-query.test.ts', (database) => {
  const context = (): SqlContext => ({
    db: database.db,
    dialect: database.dialect,
    inTransaction: false,
    kept: undefined,
    changed: () => {},
    posChanged: async () => {},
    orderCounted: async () => {},
  });

  test('a hot query takes the values of each call, beside those that are always the same', async () => {
    let builds = 0;
    const between = hotQuery<{ least: number; most: number }>()((db, { least, most }) => {
      builds += 1;
      return db
        .selectFrom('chain_blocks')
        .select('height')
        .where('height', '<=', most)
        .where('height', '>=', least)
        .where('height', '!=', 3)
        .orderBy('height');
    });
    await database.store.chain.append([1, 2, 3, 4, 5].map((height) => blockOf(height)));
    const heights = async (least: number, most: number): Promise<number[]> =>
      (await between(context(), { least, most })).rows.map(({ height }) => Number(height));
    expect(await heights(1, 2)).toEqual([1, 2]);
    expect(await heights(2, 5)).toEqual([2, 4, 5]);
    expect(await Promise.all([heights(1, 1), heights(4, 4)])).toEqual([[1], [4]]);
    expect(builds).toBe(1);
  });

  test('one for each of many sets of values writes each, tells how many, and answers the rows of all', async () => {
    const remember = hotQueryForEach<{ height: number }>()((db, { height }) =>
      db
        .insertInto('chain_blocks')
        .values({ height, hash: 'x' })
        .onConflict((conflict) => conflict.doNothing()),
    );
    const rename = hotQueryForEach<{ height: number; hash: string }>()((db, { height, hash }) =>
      db.updateTable('chain_blocks').set({ hash }).where('height', '=', height).returning('hash'),
    );
    const blocks = [1, 2, 2, 3].map((height) => ({ height, hash: `hash ${height}` }));
    expect(await remember(context(), [])).toEqual({ rows: [], written: 0 });
    expect(await remember(context(), blocks)).toEqual({ rows: [], written: 3 });
    expect((await rename(context(), [...blocks, { height: 9, hash: 'none' }])).rows).toEqual(
      blocks.map(({ hash }) => ({ hash })),
    );
    expect(await database.store.chain.recent(9)).toEqual([3, 2, 1].map((height) => ({ height, hash: `hash ${height}` })));
  });

  test('of one for each, nothing is kept when one fails, in a transaction or on SQLite', async () => {
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
