import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeOne, type Rate } from './rate-limit.ts';

const rates = fc.record({
  perS: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0.01, max: 50, noNaN: true })),
  burst: fc.integer({ min: 1, max: 200 }),
});
/** Pauses between requests, in milliseconds: floods, rests, and everything between. */
const pauses = fc.array(
  fc.oneof(fc.constant(0), fc.double({ min: 0, max: 30, noNaN: true }), fc.integer({ min: 0, max: 5_000 })),
  {
    minLength: 1,
    maxLength: 300,
  },
);

/** The times of the allowed requests. */
function allowedTimes(pausesMs: readonly number[], rate: Rate): number[] {
  const times: number[] = [];
  let [nowMs, restedAtMs]: [number, number | undefined] = [1e9, undefined];
  for (const pauseMs of pausesMs) {
    nowMs += pauseMs;
    const taking = takeOne(restedAtMs, nowMs, rate);
    if (!taking.allowed) continue;
    restedAtMs = taking.restedAtMs;
    times.push(nowMs);
  }
  return times;
}

describe('a rate limit', () => {
  it('never allows more than the burst and the rate together in any period', () => {
    fc.assert(
      fc.property(rates, pauses, (rate, pausesMs) => {
        const times = allowedTimes(pausesMs, rate);
        for (const [first, from] of times.entries())
          for (const [last, to] of times.entries())
            if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(rate.burst + ((to - from) / 1000) * rate.perS + 0.01);
      }),
      { numRuns: 60 },
    );
  });

  it('never refuses a client that keeps to the rate, even without any burst', () => {
    fc.assert(
      fc.property(rates, fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { maxLength: 300 }), (rate, extra) => {
        const pausesMs = extra.map((share) => (1000 / rate.perS) * (1 + share));
        expect(allowedTimes(pausesMs, { ...rate, burst: 1 })).toHaveLength(pausesMs.length);
      }),
    );
  });

  it('allows the whole burst at once after a pause, and then exactly one for each interval', () => {
    const rate = { perS: 10, burst: 5 };
    expect(allowedTimes([0, 0, 0, 0, 0, 0, 0], rate)).toHaveLength(5);
    expect(allowedTimes([0, 0, 0, 0, 0, 0, 100, 0, 100, 0], rate)).toHaveLength(7);
    expect(allowedTimes([0, 0, 0, 0, 0, 500, 0, 0, 0, 0, 0], rate)).toHaveLength(10);
  });

  it('returns when to retry, and allows it then but not a moment before', () => {
    fc.assert(
      fc.property(rates, pauses, (rate, pausesMs) => {
        let [nowMs, restedAtMs]: [number, number | undefined] = [0, undefined];
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs;
          const taking = takeOne(restedAtMs, nowMs, rate);
          if (taking.allowed) restedAtMs = taking.restedAtMs;
          else {
            expect(takeOne(restedAtMs, nowMs + taking.retryAfterMs, rate).allowed).toBe(true);
            expect(takeOne(restedAtMs, nowMs + taking.retryAfterMs - 0.1, rate).allowed).toBe(taking.retryAfterMs < 0.1);
          }
        }
      }),
    );
  });
});
