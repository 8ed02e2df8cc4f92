import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batcher, MAX_BATCH } from './batcher.ts';

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const fulfilled = <T>(value: T): PromiseSettledResult<T> => ({ status: 'fulfilled', value });

describe('what is asked for at the same time', () => {
  test('is done together, and each learns its own end', async () => {
    const lots: (readonly number[])[] = [];
    const together = new Batcher<number, number>(async (items) => {
      lots.push(items);
      return items.map((item) => (item === 2 ? { status: 'rejected', reason: new Error('not 2') } : fulfilled(item * 10)));
    });
    const ends = await Promise.allSettled([1, 2, 3].map((item) => together.add(item)));
    expect(ends).toEqual([fulfilled(10), { status: 'rejected', reason: new Error('not 2') }, fulfilled(30)]);
    expect(lots).toEqual([[1, 2, 3]]);
  });

  test('waits for others as long as every round of the event loop brings one, some rounds at most', async () => {
    const lots: (readonly number[])[] = [];
    const together = new Batcher<number, number>(async (items) => {
      lots.push(items);
      return items.map(fulfilled);
    });
    const asked: Promise<number>[] = [];
    for (let item = 0; item < 20; item += 1) {
      asked.push(together.add(item));
      await loopTurn();
    }
    await Promise.all(asked);
    expect(lots.flat()).toEqual(Array.from({ length: 20 }, (_, item) => item));
    expect(lots.length).toBeGreaterThan(1);
    expect(Math.max(...lots.map(({ length }) => length))).toBeGreaterThan(3);
  });

  test('waits while another lot is under way', async () => {
    let underWay = 0;
    const together = new Batcher<number, number>(async (items) => {
      underWay += 1;
      expect(underWay).toBe(1);
      for (let turn = 0; turn < 3; turn += 1) await loopTurn();
      underWay -= 1;
      return items.map(fulfilled);
    });
    const first = together.add(1);
    for (let turn = 0; turn < 3; turn += 1) await loopTurn();
    expect(await Promise.all([first, together.add(2), together.add(3)])).toEqual([1, 2, 3]);
  });

  test('fails as a whole when the work throws, and the next lot is done', async () => {
    let broken = true;
    const together = new Batcher<number, number>(async (items) => {
      if (broken) throw new Error('broken');
      return items.map(fulfilled);
    });
    const ends = await Promise.allSettled([together.add(1), together.add(2)]);
    expect(ends).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('broken') })));
    broken = false;
    expect(await together.add(3)).toBe(3);
  });

  test('is done in more than one lot when it is very much', async () => {
    const sizes: number[] = [];
    const together = new Batcher<number, number>(async (items) => {
      sizes.push(items.length);
      return items.map(fulfilled);
    });
    await Promise.all(Array.from({ length: 600 }, (_, item) => together.add(item)));
    expect(sizes).toEqual([256, 256, 88]);
  });
});

describe('a batcher', () => {
  const anyItem = fc.record({ turnsBefore: fc.nat({ max: 2 }), fails: fc.boolean(), flushes: fc.boolean() });
  const anyBatcher = fc.record({
    waitMs: fc.constantFrom(undefined, 0, 2),
    workTurns: fc.nat({ max: 3 }),
    breaksAt: fc.option(fc.nat({ max: 4 })),
  });

  test('handles each item once, in order, one batch at a time, and each caller gets the result of its own item', async () => {
    const property = fc.asyncProperty(anyBatcher, fc.array(anyItem, { maxLength: 12 }), async (kind, items) => {
      const batches: (readonly number[])[] = [];
      const broken = new Set<number>();
      let running = 0;
      const batcher = new Batcher<number, number>(
        async (batch) => {
          running += 1;
          expect(running).toBe(1);
          batches.push(batch);
          if (batches.length - 1 === kind.breaksAt) for (const item of batch) broken.add(item);
          for (let turn = 0; turn < kind.workTurns; turn += 1) await loopTurn();
          running -= 1;
          if (broken.has(batch[0]!)) throw new Error('broken');
          return batch.map((item) =>
            items[item]!.fails ? { status: 'rejected', reason: new Error(`failed ${item}`) } : fulfilled(item * 10),
          );
        },
        kind.waitMs === undefined ? {} : { waitMs: kind.waitMs },
      );
      const results: Promise<PromiseSettledResult<number>>[] = [];
      for (const [index, { turnsBefore, flushes }] of items.entries()) {
        for (let turn = 0; turn < turnsBefore; turn += 1) await loopTurn();
        results.push(Promise.allSettled([batcher.add(index)]).then(([result]) => result));
        if (flushes) batcher.flush();
      }
      const ends = await Promise.all(results);
      expect(batches.flat()).toEqual(items.map((_, index) => index));
      expect(ends).toEqual(
        items.map(({ fails }, index) => {
          if (broken.has(index)) return { status: 'rejected', reason: new Error('broken') };
          return fails ? { status: 'rejected', reason: new Error(`failed ${index}`) } : fulfilled(index * 10);
        }),
      );
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('that waits begins in the very turn of a flush, and with a full batch', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>(
      async (items) => {
        sizes.push(items.length);
        return items.map(fulfilled);
      },
      { waitMs: 600_000 },
    );
    const few = [batcher.add(1), batcher.add(2)];
    batcher.flush();
    expect(sizes).toEqual([2]);
    await Promise.all(few);
    const many = Array.from({ length: MAX_BATCH + 1 }, (_, item) => batcher.add(item));
    expect(sizes).toEqual([2, MAX_BATCH]);
    batcher.flush();
    await Promise.all(many);
    expect(sizes).toEqual([2, MAX_BATCH, 1]);
  });
});
