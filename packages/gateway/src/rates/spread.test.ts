import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareDecimals, parseDecimal } from '../kernel/decimal.ts';
import { withSpread } from './spread.ts';

it.each([
  ['60000', 0, '60000'],
  ['60000.10', 0, '60000.10'],
  ['60000', 50, '59700'],
  ['60000', 1, '59994'],
  ['57204.11704259', 150, '56346.05528695'],
  ['0.00000001', 500, '0.00000001'],
])('%s with a spread of %d basis points is %s', (value, bps, expected) => {
  expect(withSpread(value, bps)).toBe(expected);
});

it('a spread never raises the rate, so a buyer never pays less bitcoin for it', () => {
  const cents = fc.bigInt({ min: 1n, max: 10n ** 9n });
  fc.assert(
    fc.property(cents, fc.integer({ min: 0, max: 1000 }), (price, bps) => {
      const value = `${price}`;
      expect(compareDecimals(parseDecimal(withSpread(value, bps))!, parseDecimal(value)!)).toBeLessThanOrEqual(0);
    }),
  );
});

it.each([-1, 0.5, 1001, Number.NaN])('a spread of %d is refused', (bps) => {
  expect(() => withSpread('60000', bps)).toThrow(/spread: expected a whole number from 0 to 1000/);
});
