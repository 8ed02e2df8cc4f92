import { describe, expect, it } from 'vitest';
import { decimalsOf, parseCurrency, type CurrencyCode } from './currency.ts';

describe('a currency', () => {
  it.each([
    ['EUR', 2],
    ['USD', 2],
    ['GBP', 2],
    ['CHF', 2],
    ['XCG', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['CLP', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['TND', 3],
    // The runtime's locale data have 0 here, ISO 4217 has 2.
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
  ])('%s has %d decimals', (code, decimals) => {
    expect(decimalsOf(parseCurrency(code))).toBe(decimals);
  });

  // prettier-ignore
  it.each(['', 'eur', 'Eur', 'EU', 'EURO', ' EUR', 'EUR\n', 'BTC', 'XXX', 'XAU', 'XTS', '978', 'DEM', '__proto__', 'constructor'])(
    'cannot be %j',
    (text) => {
      expect(() => parseCurrency(text)).toThrow(RangeError);
      expect(() => parseCurrency(text)).toThrow(`got ${JSON.stringify(text)}`);
    },
  );

  it('with an unknown code has no decimals', () => {
    expect(() => decimalsOf('DEM' as CurrencyCode)).toThrow(RangeError);
  });
});
