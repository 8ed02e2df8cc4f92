import { describe, expect, test } from 'vitest';
import { Batcher } from './batcher.ts';

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
