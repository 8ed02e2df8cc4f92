import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FailureBursts, failureText } from './failure-bursts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function burstsAndLines(): { bursts: FailureBursts; lines: unknown[] } {
  const lines: unknown[] = [];
  return { bursts: new FailureBursts((fields, message) => lines.push([message, fields])), lines };
}

it('a burst logs its first failure at once, and the count of the others once a minute', () => {
  const { bursts, lines } = burstsAndLines();
  for (let n = 0; n < 500; n += 1) bursts.add('locked', { request: n });
  expect(lines).toEqual([['locked', { request: 0 }]]);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(1)).toEqual([['locked: 499 more since the last line', { request: 499, count: 499 }]]);
  bursts.add('locked', { request: 500 });
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(lines.slice(2)).toEqual([['locked: 1 more since the last line', { request: 500, count: 1 }]]);
});

it('a burst ends after a minute without failures, and the next failure is logged at once', () => {
  const { bursts, lines } = burstsAndLines();
  bursts.add('locked', { request: 0 });
  vi.advanceTimersByTime(60_000);
  bursts.add('locked', { request: 1 });
  expect(lines).toEqual([
    ['locked', { request: 0 }],
    ['locked', { request: 1 }],
  ]);
});

it('each kind of failure has a burst of its own, up to a limit', () => {
  const { bursts, lines } = burstsAndLines();
  for (let n = 0; n < 1_000; n += 1) bursts.add(`kind ${n}`, {});
  expect(lines).toHaveLength(51);
  expect(lines.at(-1)).toEqual(['further failures', {}]);
  expect(vi.getTimerCount()).toBe(51);
});

it('stopping logs the remaining counts and leaves no timer', () => {
  const { bursts, lines } = burstsAndLines();
  for (let n = 0; n < 3; n += 1) bursts.add('locked', { request: n });
  bursts.stop();
  expect(lines.at(-1)).toEqual(['locked: 2 more since the last line', { request: 2, count: 2 }]);
  expect(vi.getTimerCount()).toBe(0);
});

it('failureText describes an error without a message by its code', () => {
  expect(failureText(new Error('database is locked'))).toBe('database is locked');
  expect(failureText(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
});
