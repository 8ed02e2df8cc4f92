import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Batcher, MAX_BATCH } from './batcher.ts';
import { HOUR_MS } from './durations.ts';

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const fulfilled = <T>(value: T): PromiseSettledResult<T> => ({ status: 'fulfilled', value });

describe('a batcher', () => {
  test('handles items that are added at the same time in one batch, and gives each its own result', async () => {
    const batches: (readonly number[])[] = [];
    const batcher = new Batcher<number, number>(async (items) => {
      batches.push(items);
      return items.map((item) => (item === 2 ? { status: 'rejected', reason: new Error('not 2') } : fulfilled(item * 10)));
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(results).toEqual([fulfilled(10), { status: 'rejected', reason: new Error('not 2') }, fulfilled(30)]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('keeps a batch open while each turn of the event loop adds an item, for a limited number of turns', async () => {
    const batches: (readonly number[])[] = [];
    const batcher = new Batcher<number, number>(async (items) => {
      batches.push(items);
      return items.map(fulfilled);
    });
    const results: Promise<number>[] = [];
    for (let item = 0; item < 20; item += 1) {
      results.push(batcher.add(item));
      await loopTurn();
    }
    await Promise.all(results);
    expect(batches.flat()).toEqual(Array.from({ length: 20 }, (_, item) => item));
    expect(batches.length).toBeGreaterThan(1);
    expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(3);
  });

  test.each(['results', 'a failure'])(
    'lets few callers continue with %s of a large batch in one turn of the event loop',
    async (what) => {
      const batcher = new Batcher<number, number>((items) =>
        what === 'results' ? Promise.resolve(items.map(fulfilled)) : Promise.reject(new Error('broken')),
      );
      let turn = 0;
      const turns: number[] = [];
      const noted = (): unknown => turns.push(turn);
      const all = Promise.all(Array.from({ length: MAX_BATCH }, (_, item) => batcher.add(item).then(noted, noted)));
      const countTurn = (): void => {
        turn += 1;
        if (turns.length < MAX_BATCH) setImmediate(countTurn);
      };
      setImmediate(countTurn);
      await all;
      const perTurn = new Map<number, number>();
      for (const one of turns) perTurn.set(one, (perTurn.get(one) ?? 0) + 1);
      expect(Math.max(...perTurn.values())).toBeLessThanOrEqual(16);
    },
  );

  test('runs one batch at a time', async () => {
    let running = 0;
    const batcher = new Batcher<number, number>(async (items) => {
      running += 1;
      expect(running).toBe(1);
      for (let turn = 0; turn < 3; turn += 1) await loopTurn();
      running -= 1;
      return items.map(fulfilled);
    });
    const first = batcher.add(1);
    for (let turn = 0; turn < 3; turn += 1) await loopTurn();
    expect(await Promise.all([first, batcher.add(2), batcher.add(3)])).toEqual([1, 2, 3]);
  });

  test('fails every item of a batch whose work throws, and handles the next batch', async () => {
    let broken = true;
    const batcher = new Batcher<number, number>(async (items) => {
      if (broken) throw new Error('broken');
      return items.map(fulfilled);
    });
    const results = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(results).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('broken') })));
    broken = false;
    expect(await batcher.add(3)).toBe(3);
  });

  test('splits more items than fit into one batch', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>(async (items) => {
      sizes.push(items.length);
      return items.map(fulfilled);
    });
    await Promise.all(Array.from({ length: 600 }, (_, item) => batcher.add(item)));
    expect(sizes).toEqual([256, 256, 88]);
  });

  describe('with a spacing', () => {
    let startsMs: number[];
    let sizes: number[];
    const spaced = (spacingMs: number): Batcher<number, number> =>
      new Batcher<number, number>(
        async (items) => {
          startsMs.push(performance.now());
          sizes.push(items.length);
          return items.map(fulfilled);
        },
        { spacingMs },
      );
    beforeEach(() => {
      [startsMs, sizes] = [[], []];
    });

    test('does not delay a single caller, who waits for each result', async () => {
      const batcher = spaced(HOUR_MS);
      for (let item = 0; item < 100; item += 1) await batcher.add(item);
      expect(sizes).toEqual(Array.from({ length: 100 }, () => 1));
    });

    test('begins batches apart while there are several callers, and loses no item', async () => {
      const batcher = spaced(30);
      const caller = async (first: number): Promise<number[]> => {
        const results: number[] = [];
        for (let item = first; item < first + 5; item += 1) results.push(await batcher.add(item));
        return results;
      };
      const results = await Promise.all([0, 5, 10].map(caller));
      expect(results.flat()).toEqual(Array.from({ length: 15 }, (_, item) => item));
      // A timer may fire a millisecond early.
      for (const [index, startMs] of startsMs.slice(1).entries()) expect(startMs - startsMs[index]!).toBeGreaterThan(28);
    });

    test('does not delay a batch with many items, whether they come together or while the batch waits', async () => {
      const batcher = spaced(HOUR_MS);
      await Promise.all([batcher.add(0), batcher.add(1)]);
      await Promise.all(Array.from({ length: 20 }, (_, item) => batcher.add(item)));
      const results: Promise<number>[] = [];
      for (let item = 0; item < 20; item += 1) {
        results.push(batcher.add(item));
        for (let turn = 0; turn < 10; turn += 1) await loopTurn();
        expect(sizes).toHaveLength(item < 15 ? 2 : 3);
        if (item === 15) break;
      }
      await Promise.all(results);
      expect(sizes).toEqual([2, 20, 16]);
    });

    test('does not delay a full batch', async () => {
      const batcher = spaced(HOUR_MS);
      await Promise.all([batcher.add(0), batcher.add(1)]);
      await Promise.all(Array.from({ length: MAX_BATCH * 2 }, (_, item) => batcher.add(item)));
      expect(sizes).toEqual([2, MAX_BATCH, MAX_BATCH]);
    });
  });

  const anyItem = fc.record({ turnsBefore: fc.nat({ max: 2 }), fails: fc.boolean(), flushes: fc.boolean() });
  const anyBatcher = fc.record({
    waitMs: fc.constantFrom(undefined, 0, 2),
    spacingMs: fc.constantFrom(0, 2),
    workTurns: fc.nat({ max: 3 }),
    breaksAt: fc.option(fc.nat({ max: 4 })),
  });

  test('handles each item once, in order, one batch at a time, and gives each caller the result of its item', async () => {
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
        { spacingMs: kind.spacingMs, ...(kind.waitMs !== undefined && { waitMs: kind.waitMs }) },
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

  test('with a waiting time starts a batch synchronously when it is flushed or full', async () => {
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
