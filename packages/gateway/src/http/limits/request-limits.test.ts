import { expect, it } from 'vitest';
import { RequestLimits } from './request-limits.ts';

it('a page that passes many orders counts as one request for each thousand of them, and is not cut short', () => {
  let nowMs = 0;
  const limits = new RequestLimits({ clientPerS: 1, failuresPerS: 0, pagesPerS: 0, nowMs: () => nowMs });
  const pass = (orders: number, before: number): void => limits.passOrders('pos', orders, before);
  pass(10_000, 0);
  pass(10_000, 10_000);
  expect(() => pass(1_000, 0)).toThrow('too many requests: try again in 11 s');
  pass(999, 0);
  expect(() => limits.passOrders('another', 1_000, 0)).not.toThrow();
  nowMs = 11_000;
  expect(() => pass(1_000, 0)).not.toThrow();
});

it('a page that passes few orders at a time counts too', () => {
  const limits = new RequestLimits({ clientPerS: 1, failuresPerS: 0, pagesPerS: 0, nowMs: () => 0 });
  for (let passed = 0; passed < 20_000; passed += 500) limits.passOrders('pos', 500, passed);
  limits.passOrders('pos', 500, 0);
  expect(() => limits.passOrders('pos', 500, 500)).toThrow('too many requests: try again in 11 s');
});

it('a client that owes passed orders can still create some', () => {
  const limits = new RequestLimits({ clientPerS: 1, failuresPerS: 0, pagesPerS: 0, nowMs: () => 0 });
  limits.passOrders('pos', 5_000_000, 0);
  for (let n = 0; n < 10; n += 1) limits.client('pos');
  expect(() => limits.client('pos')).toThrow('too many requests: try again in 1 s');
});
