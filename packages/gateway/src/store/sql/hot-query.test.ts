import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { blockOf } from '../../../test/support/samples.ts';
import { hotQuery } from './hot-query.ts';

await onEveryDatabase('hot-query.test.ts', (database) => {
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
    const context = { ...database, kept: undefined, changed: () => {}, posChanged: async () => {}, orderCounted: async () => {} };
    const heights = async (least: number, most: number): Promise<number[]> =>
      (await between(context, { least, most })).rows.map(({ height }) => Number(height));
    expect(await heights(1, 2)).toEqual([1, 2]);
    expect(await heights(2, 5)).toEqual([2, 4, 5]);
    expect(await Promise.all([heights(1, 1), heights(4, 4)])).toEqual([[1], [4]]);
    expect(builds).toBe(1);
  });
});
