import { describe, expect, it } from 'vitest';
import { epochMs, isoDate, plusMs, systemClock } from './clock.ts';

describe('time', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [Date.UTC(2026, 10, 23, 18), '2026-11-23T18:00:00.000Z'],
    [Date.UTC(2028, 1, 29, 23, 59, 59, 7), '2028-02-29T23:59:59.007Z'],
  ])('%d is written with milliseconds, in UTC', (ms, text) => {
    expect(isoDate(epochMs(ms))).toBe(text);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -8.64e15 - 1])('is never %d', (value) => {
    expect(() => epochMs(value)).toThrow(/^time: expected milliseconds since 1970/);
  });

  it('moves by milliseconds, and not beyond what a date can hold', () => {
    expect(plusMs(epochMs(1000), 500)).toBe(1500);
    expect(plusMs(epochMs(1000), -500)).toBe(500);
    expect(() => plusMs(epochMs(8.64e15), 1)).toThrow(RangeError);
    expect(() => plusMs(epochMs(0), 0.25)).toThrow(RangeError);
  });

  it('of the machine is now', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
