import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDecimals, divideHalfEven, formatDecimal, parseDecimal } from './decimal.ts';

describe('a decimal number', () => {
  it.each([
    ['0', 0n, 0],
    ['12', 12n, 0],
    ['12.34', 1234n, 2],
    ['12.3400', 123400n, 4],
    ['007.5', 75n, 1],
    ['0.00000001', 1n, 8],
    ['9'.repeat(20), 99_999_999_999_999_999_999n, 0],
    [`0.${'9'.repeat(20)}`, 99_999_999_999_999_999_999n, 20],
  ])('%s has the digits %s and %d decimal places', (text, digits, scale) => {
    expect(parseDecimal(text)).toEqual({ digits, scale });
  });

  // prettier-ignore
  it.each([
    '', ' ', '.', '1.', '.5', '-1', '+1', '1e3', '1E3', '0x10', '1,5', '1 000', '1.2.3', ' 1', '1 ', '1\n', '1.5\n', 'NaN', 'Infinity',
    '١٢', '１２', '1_000', '1n', '9'.repeat(21), `1.${'0'.repeat(21)}`,
  ])('may not be written as %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });
});

const numerator = fc.bigInt({ min: 0n, max: 10n ** 40n });
const divisor = fc.bigInt({ min: 1n, max: 10n ** 30n });

describe('half-even division', () => {
  it.each([
    // a, b, a/b rounded half to even
    [0n, 2n, 0n],
    [1n, 2n, 0n],
    [3n, 2n, 2n],
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [9n, 2n, 4n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [5n, 3n, 2n],
    [4n, 8n, 0n],
    [12n, 8n, 2n],
    [20n, 8n, 2n],
    [499n, 1000n, 0n],
    [501n, 1000n, 1n],
    [1500n, 1000n, 2n],
    [2500n, 1000n, 2n],
    [7n, 1n, 7n],
  ])('of %s by %s gives %s', (a, b, quotient) => {
    expect(divideHalfEven(a, b)).toBe(quotient);
  });

  it('gives a result at most one half away, and exactly one half only if it is even', () => {
    const ties = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))
      .map(([whole, half]) => {
        return [(2n * whole + 1n) * half, 2n * half] as const;
      });
    fc.assert(
      fc.property(fc.oneof(ties, fc.tuple(numerator, divisor)), ([a, b]) => {
        const nearest = divideHalfEven(a, b);
        const twiceOff = 2n * (a - nearest * b);
        expect(twiceOff <= b && -twiceOff <= b).toBe(true);
        if (twiceOff === b || -twiceOff === b) expect(nearest % 2n).toBe(0n);
      }),
    );
  });
});

describe('formatDecimal', () => {
  it.each([
    [{ digits: 0n, scale: 0 }, '0'],
    [{ digits: 0n, scale: 3 }, '0'],
    [{ digits: 5n, scale: 2 }, '0.05'],
    [{ digits: 1230n, scale: 2 }, '12.3'],
    [{ digits: 6000000n, scale: 2 }, '60000'],
  ])('writes %o as %s', (decimal, text) => {
    expect(formatDecimal(decimal)).toBe(text);
  });

  it('writes text that is parsed to the same number', () => {
    const decimals = fc.record({ digits: fc.bigInt({ min: 0n, max: 10n ** 19n }), scale: fc.integer({ min: 0, max: 8 }) });
    fc.assert(
      fc.property(decimals, (decimal) => {
        expect(compareDecimals(parseDecimal(formatDecimal(decimal))!, decimal)).toBe(0);
      }),
    );
  });
});
