import { expect, it } from 'vitest';
import { RequestLimits } from './request-limits.ts';

it('a page that passes many orders counts as one request for each thousand of them, and is not cut short', () => {
  let nowMs = 0;
  const limits = new RequestLimits({ clientPerS: 1, failuresPerS: 0, pagesPerS: 0, nowMs: () => nowMs });
  const pass = (orders: number, isFirst: boolean): void => limits.passOrders('pos', orders, isFirst);
  pass(999, true);
  for (let n = 0; n < 9; n += 1) limits.client('pos');
  pass(10_000, true);
  pass(10_000, false);
  expect(() => pass(1_000, true)).toThrow('too many requests: try again in 20 s');
  expect(() => limits.client('pos')).toThrow('too many requests');
  expect(() => limits.client('another')).not.toThrow();
  nowMs = 20_000;
  expect(() => limits.client('pos')).not.toThrow();
});
