import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prefetch } from './prefetch.ts';

const NUMBERS = Array.from({ length: 20 }, (_, n) => n);

test('prefetch yields results in the order of the items, and respects the concurrency limit', async () => {
  let running = 0;
  let maxRunning = 0;
  const results: number[] = [];
  const doubled = prefetch(NUMBERS, 4, async (n) => {
    running += 1;
    maxRunning = Math.max(maxRunning, running);
    await sleep(n % 3);
    running -= 1;
    return 2 * n;
  });
  for await (const result of doubled) results.push(result);
  expect(results).toEqual(NUMBERS.map((n) => 2 * n));
  expect(maxRunning).toBe(4);
});

test('prefetch throws the first failure after yielding the results before it, and starts nothing more', async () => {
  const begun: number[] = [];
  const results: number[] = [];
  const failing = prefetch(NUMBERS, 3, async (n) => {
    begun.push(n);
    await sleep(n === 4 ? 5 : 0);
    if (n >= 4) throw new Error(`number ${n}`);
    return n;
  });
  const reading = async (): Promise<void> => {
    for await (const result of failing) results.push(result);
  };
  await expect(reading()).rejects.toThrow('number 4');
  expect(results).toEqual([0, 1, 2, 3]);
  await sleep(10);
  expect(Math.max(...begun)).toBe(6);
});

test('prefetch yields nothing for no items', async () => {
  const none = prefetch([], 3, () => Promise.reject(new Error('not asked')));
  expect(await none.next()).toEqual({ done: true, value: undefined });
});
