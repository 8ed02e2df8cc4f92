import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttempt, type FailedAttempt } from './schedule.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../kernel/durations.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failed = (changes: Partial<FailedAttempt> = {}): FailedAttempt => ({
  attempts: 1,
  ageMs: 0,
  giveUpAfterMs: 5 * DAY_MS,
  retryAfterMs: undefined,
  ...changes,
});

describe('a callback that failed', () => {
  it.each([
    [1, 2 * SECOND_MS],
    [2, 10 * SECOND_MS],
    [4, 60 * SECOND_MS],
    [10, HOUR_MS],
    [13, 8 * HOUR_MS],
    [100, 8 * HOUR_MS],
  ])('for the time number %d is tried again after any time up to %d ms', (attempts, most) => {
    expect(nextAttempt(failed({ attempts }), 0)).toEqual({ kind: 'retry', afterMs: 0 });
    expect(nextAttempt(failed({ attempts }), 0.5)).toEqual({ kind: 'retry', afterMs: most / 2 });
    expect(nextAttempt(failed({ attempts }), 0.999_999_999)).toEqual({ kind: 'retry', afterMs: most });
  });

  it('is tried a last time exactly when its time is over, whatever the dice say, and then given up', () => {
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (dice, days) => {
        let ageMs = 0;
        for (let attempts = 1; ; attempts += 1) {
          // Dice that always say 0 would never let time pass.
          const die = Math.max(0.01, dice[attempts % dice.length]!);
          const next = nextAttempt(failed({ attempts, ageMs, giveUpAfterMs: days * DAY_MS }), die);
          if (next.kind === 'give_up') break;
          expect(Number.isInteger(next.afterMs) && next.afterMs >= 0).toBe(true);
          ageMs += next.afterMs;
        }
        expect(ageMs).toBe(days * DAY_MS);
      }),
    );
  });

  it('is tried more than twenty times in five days, half of them within the first hours', () => {
    const ages: number[] = [];
    for (let ageMs = 0, attempts = 1; ; attempts += 1) {
      const next = nextAttempt(failed({ attempts, ageMs }), 0.5);
      if (next.kind === 'give_up') break;
      ageMs += next.afterMs;
      ages.push(ageMs);
    }
    expect(ages.length).toBeGreaterThan(20);
    expect(ages.filter((ageMs) => ageMs < 5 * HOUR_MS).length).toBeGreaterThanOrEqual(10);
  });

  it.each([
    ['longer than its turn', 1, 90 * SECOND_MS, 90 * SECOND_MS],
    ['shorter than its turn', 13, 90 * SECOND_MS, 4 * HOUR_MS],
    ['nothing', 1, 0, SECOND_MS],
    ['a year', 1, 365 * DAY_MS, DAY_MS],
  ])('heeds a Retry-After of %s', (_, attempts, retryAfterMs, afterMs) => {
    expect(nextAttempt(failed({ attempts, retryAfterMs }), 0.5)).toEqual({ kind: 'retry', afterMs });
  });

  it('is not kept alive by a Retry-After', () => {
    const late = failed({ ageMs: 5 * DAY_MS - 1, retryAfterMs: DAY_MS });
    expect(nextAttempt(late, 0.5)).toEqual({ kind: 'retry', afterMs: 1 });
    expect(nextAttempt({ ...late, ageMs: 5 * DAY_MS }, 0.5)).toEqual({ kind: 'give_up' });
  });
});
