import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttempt } from './schedule.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** All waits until it is given up. */
function waits(randomNumber: number): number[] {
  const found: number[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const next = nextAttempt(attempts, randomNumber);
    if (next.kind === 'give_up') return found;
    found.push(next.afterMs);
  }
}

describe('a callback that failed', () => {
  it.each([
    [1, 500, 1000],
    [2, 2500, 5000],
    [5, 30 * SECOND_MS, 60 * SECOND_MS],
    [14, 4 * HOUR_MS, 8 * HOUR_MS],
    [30, 4 * HOUR_MS, 8 * HOUR_MS],
  ])('for the time number %d is tried again after %d to %d ms', (attempts, least, most) => {
    expect(nextAttempt(attempts, 0)).toEqual({ kind: 'retry', afterMs: least });
    expect(nextAttempt(attempts, 0.999_999_999)).toEqual({ kind: 'retry', afterMs: most });
  });

  it('is given up after 31 attempts, which take three to six days whatever the dice say', () => {
    fc.assert(
      fc.property(random, (dice) => {
        const all = waits(dice);
        expect(all).toHaveLength(30);
        const whole = all.reduce((sum, wait) => sum + wait, 0);
        expect(whole).toBeGreaterThan(2.9 * DAY_MS);
        expect(whole).toBeLessThan(6.1 * DAY_MS);
      }),
    );
  });

  it('is tried again ever more slowly', () => {
    for (const dice of [0, 0.5, 0.999]) expect(waits(dice)).toEqual(waits(dice).sort((a, b) => a - b));
  });

  it('waits a whole number of milliseconds, within the bounds of its turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), random, (attempts, dice) => {
        const next = nextAttempt(attempts, dice);
        const most = waits(1)[attempts - 1]!;
        expect(next.kind === 'retry' && Number.isInteger(next.afterMs)).toBe(true);
        expect(next.kind === 'retry' && next.afterMs >= most / 2 - 1 && next.afterMs <= most).toBe(true);
      }),
    );
  });

  it.each([
    ['longer than its turn', 1, 90 * SECOND_MS, 90 * SECOND_MS],
    ['shorter than its turn', 14, 90 * SECOND_MS, 4 * HOUR_MS],
    ['nothing', 1, 0, 500],
    ['a year', 1, 365 * DAY_MS, DAY_MS],
  ])('heeds a Retry-After of %s', (_, attempts, retryAfterMs, afterMs) => {
    expect(nextAttempt(attempts, 0, retryAfterMs)).toEqual({ kind: 'retry', afterMs });
  });

  it('is not kept alive by a Retry-After', () => {
    expect(nextAttempt(31, 0, DAY_MS)).toEqual({ kind: 'give_up' });
  });
});
