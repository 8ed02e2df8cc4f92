import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../kernel/durations.ts';
import { pauseMs } from './rebroadcast-payments.ts';

test('a payment is rebroadcast after 1, 2, 4, 8 and 16 minutes, and then every half hour', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7, 500].map((attempts) => pauseMs(attempts, 0) / MINUTE_MS);
  expect(minutes).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
});

test('chance makes it up to a quarter earlier, never later', () => {
  expect(pauseMs(1, 0.999_999)).toBeGreaterThanOrEqual(0.75 * MINUTE_MS - 1);
  expect(pauseMs(1, 0.5)).toBe(0.875 * MINUTE_MS);
});
