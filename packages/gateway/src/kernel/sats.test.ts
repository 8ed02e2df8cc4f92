import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SATS, sats, satsBeyond, satsToBtc, SATS_PER_BTC, sumSats, ZERO_SATS } from './sats.ts';

const amount = fc.bigInt({ min: 0n, max: MAX_SATS }).map(sats);

describe('an amount of satoshi', () => {
  it.each([0n, 1n, 2_099_999_997_690_000n, MAX_SATS])('may be %s', (value) => {
    expect(sats(value)).toBe(value);
  });

  it.each([-1n, MAX_SATS + 1n, 2n ** 64n - 1n])('may not be %s', (value) => {
    expect(() => sats(value)).toThrow(RangeError);
    expect(() => sats(value)).toThrow(`satoshi: expected 0 to 2100000000000000, got ${value}`);
  });

  it('is at most 21 million bitcoin, which fits a JSON number', () => {
    expect(MAX_SATS).toBe(21_000_000n * SATS_PER_BTC);
    expect(Number.isSafeInteger(Number(MAX_SATS))).toBe(true);
  });

  it('can be added, up to 21 million bitcoin', () => {
    expect(sumSats([])).toBe(ZERO_SATS);
    expect(sumSats([sats(1n), sats(2n), sats(3n)])).toBe(6n);
    expect(() => sumSats([sats(MAX_SATS), sats(1n)])).toThrow(RangeError);
  });

  it.each([
    [5n, 3n, 2n],
    [3n, 3n, 0n],
    [3n, 5n, 0n],
    [MAX_SATS, 0n, MAX_SATS],
  ])('of %s exceeds %s by %s', (a, b, beyond) => {
    expect(satsBeyond(sats(a), sats(b))).toBe(beyond);
  });

  it.each([
    [0n, '0'],
    [1n, '0.00000001'],
    [10n, '0.0000001'],
    [100_000_000n, '1'],
    [100_000_001n, '1.00000001'],
    [1_000_000_000n, '10'],
    [2_030_000_000n, '20.3'],
    [MAX_SATS, '21000000'],
  ])('of %s is written as %s bitcoin', (value, text) => {
    expect(satsToBtc(sats(value))).toBe(text);
  });

  it('is written in bitcoin without loss and without trailing zeros', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const text = satsToBtc(value);
        expect(text).toMatch(/^(?:0|[1-9]\d*)(?:\.\d{0,7}[1-9])?$/);
        const [whole = '', fraction = ''] = text.split('.');
        expect(BigInt(whole + fraction.padEnd(8, '0'))).toBe(value);
      }),
    );
  });
});
