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

describe('the retry schedule', () => {
  it.each([
    [1, 2 * SECOND_MS],
    [2, 10 * SECOND_MS],
    [4, 60 * SECOND_MS],
    [10, HOUR_MS],
    [13, 8 * HOUR_MS],
    [100, 8 * HOUR_MS],
  ])('retries after attempt %d with a random delay of up to %d ms', (attempts, maxDelayMs) => {
    expect(nextAttempt(failed({ attempts }), 0)).toEqual({ kind: 'retry', afterMs: 0 });
    expect(nextAttempt(failed({ attempts }), 0.5)).toEqual({ kind: 'retry', afterMs: maxDelayMs / 2 });
    expect(nextAttempt(failed({ attempts }), 0.999_999_999)).toEqual({ kind: 'retry', afterMs: maxDelayMs });
  });

  it('gives a callback up after a last attempt exactly at the end of the retry period', () => {
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (numbers, days) => {
        const giveUpAfterMs = days * DAY_MS;
        const invalidDelays: number[] = [];
        let ageMs = 0;
        for (let attempts = 1; ; attempts += 1) {
          // If every random number were 0, no time would ever pass.
          const number = Math.max(0.01, numbers[attempts % numbers.length]!);
          const next = nextAttempt({ attempts, ageMs, giveUpAfterMs, retryAfterMs: undefined }, number);
          if (next.kind === 'give_up') break;
          if (!Number.isInteger(next.afterMs) || next.afterMs < 0) invalidDelays.push(next.afterMs);
          ageMs += next.afterMs;
        }
        expect({ ageMs, invalidDelays }).toEqual({ ageMs: giveUpAfterMs, invalidDelays: [] });
      }),
    );
  });

  it('makes more than twenty attempts in five days, half of them within the first hours', () => {
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
    ['longer than the delay', 1, 90 * SECOND_MS, 90 * SECOND_MS],
    ['shorter than the delay', 13, 90 * SECOND_MS, 4 * HOUR_MS],
    ['of zero', 1, 0, SECOND_MS],
    ['of a year', 1, 365 * DAY_MS, DAY_MS],
  ])('respects a Retry-After %s', (_, attempts, retryAfterMs, afterMs) => {
    expect(nextAttempt(failed({ attempts, retryAfterMs }), 0.5)).toEqual({ kind: 'retry', afterMs });
  });

  it('is not extended by a Retry-After', () => {
    const late = failed({ ageMs: 5 * DAY_MS - 1, retryAfterMs: DAY_MS });
    expect(nextAttempt(late, 0.5)).toEqual({ kind: 'retry', afterMs: 1 });
    expect(nextAttempt({ ...late, ageMs: 5 * DAY_MS }, 0.5)).toEqual({ kind: 'give_up' });
  });
});
