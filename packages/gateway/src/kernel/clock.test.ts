import { describe, expect, it } from 'vitest';
import { epochMs, isoDate, plusMs, systemClock } from './clock.ts';

describe('a time', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [Date.UTC(2026, 10, 23, 18), '2026-11-23T18:00:00.000Z'],
    [Date.UTC(2028, 1, 29, 23, 59, 59, 7), '2028-02-29T23:59:59.007Z'],
  ])('of %d ms is written as %s', (ms, text) => {
    expect(isoDate(epochMs(ms))).toBe(text);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -8.64e15 - 1])('may not be %d', (value) => {
    expect(() => epochMs(value)).toThrow(/^time: expected milliseconds since 1970/);
  });

  it('moves by whole milliseconds, within the range of a Date', () => {
    expect(plusMs(epochMs(1000), 500)).toBe(1500);
    expect(plusMs(epochMs(1000), -500)).toBe(500);
    expect(() => plusMs(epochMs(8.64e15), 1)).toThrow(RangeError);
    expect(() => plusMs(epochMs(0), 0.25)).toThrow(RangeError);
  });

  it('is taken from the system clock', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
