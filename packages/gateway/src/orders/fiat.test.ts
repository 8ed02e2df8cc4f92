import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../kernel/decimal.ts';
import { MAX_SATS } from '../kernel/sats.ts';
import { decimalsOf, parseCurrency } from './currency.ts';
import { fiatToSats, formatFiatAmount, parseFiatAmount } from './fiat.ts';

const EUR = parseCurrency('EUR');
const JPY = parseCurrency('JPY');
const KWD = parseCurrency('KWD');

describe('a fiat amount', () => {
  it.each([
    ['10', EUR, 1000n, '10.00'],
    ['10.0', EUR, 1000n, '10.00'],
    ['10.00', EUR, 1000n, '10.00'],
    ['0.01', EUR, 1n, '0.01'],
    ['0.10', EUR, 10n, '0.10'],
    ['1.10', EUR, 110n, '1.10'],
    ['00012.5', EUR, 1250n, '12.50'],
    // Zeros beyond the currency's decimals are allowed.
    ['10.0000', EUR, 1000n, '10.00'],
    ['1500', JPY, 1500n, '1500'],
    ['1500.00', JPY, 1500n, '1500'],
    ['1', JPY, 1n, '1'],
    ['1', KWD, 1000n, '1.000'],
    ['0.001', KWD, 1n, '0.001'],
    ['12.345', KWD, 12_345n, '12.345'],
    ['99999999999999999999', EUR, 9_999_999_999_999_999_999_900n, '99999999999999999999.00'],
  ])('of %s in %s is %s minor units, formatted as %s', (text, currency, minorUnits, written) => {
    const amount = parseFiatAmount(text, currency);
    expect(amount).toEqual({ currency, minorUnits });
    expect(formatFiatAmount(amount)).toBe(written);
  });

  it.each([
    ['0', EUR, /above 0, got "0"/],
    ['0.00', EUR, /above 0/],
    ['-1', EUR, /above 0, got "-1"/],
    ['', EUR, /above 0, got ""/],
    ['ten', EUR, /above 0, got "ten"/],
    ['1e3', EUR, /above 0/],
    ['NaN', EUR, /above 0/],
    ['10.001', EUR, /at most 2 decimals in EUR, got "10.001"/],
    ['0.001', EUR, /at most 2 decimals/],
    ['1500.5', JPY, /at most 0 decimals in JPY/],
    ['0.0001', KWD, /at most 3 decimals in KWD/],
    ['9'.repeat(500), EUR, /got "9{40}"$/],
  ])('cannot be %s in %s', (text, currency, message) => {
    expect(() => parseFiatAmount(text, currency)).toThrow(RangeError);
    expect(() => parseFiatAmount(text, currency)).toThrow(message);
  });

  it('of zero is formatted with all decimals', () => {
    expect([EUR, JPY, KWD].map((currency) => formatFiatAmount({ currency, minorUnits: 0n }))).toEqual(['0.00', '0', '0.000']);
  });

  it('is parsed as it was formatted', () => {
    fc.assert(
      fc.property(fc.constantFrom(EUR, JPY, KWD), fc.bigInt({ min: 1n, max: 10n ** 18n }), (currency, minorUnits) => {
        const text = formatFiatAmount({ currency, minorUnits });
        expect(text).toMatch(/^(?:0|[1-9]\d*)(?:\.\d+)?$/);
        expect(text.split('.')[1]?.length ?? 0).toBe(decimalsOf(currency));
        expect(parseFiatAmount(text, currency)).toEqual({ currency, minorUnits });
      }),
    );
  });
});

describe('the satoshi of a fiat amount', () => {
  it.each([
    ['10.00', EUR, '60000', 16_667n],
    ['60000.00', EUR, '60000', 100_000_000n],
    ['60000.00', EUR, '60000.00', 100_000_000n],
    ['0.01', EUR, '60000', 17n],
    ['0.06', EUR, '60000', 100n],
    ['0.01', EUR, '1000000000000', 1n],
    ['1500', JPY, '9800000', 15_307n],
    ['12.345', KWD, '18000.123', 68_583n],
    ['0.03', EUR, '0.00000001', 300_000_000_000_000n],
  ])('of %s %s at %s are %s', (text, currency, rate, expected) => {
    expect(fiatToSats(parseFiatAmount(text, currency), rate)).toBe(expected);
  });

  it.each(['', '0', '0.00', '-60000', '6e4', 'NaN', '60,000'])('cannot be computed with the rate %j', (rate) => {
    expect(() => fiatToSats(parseFiatAmount('10.00', EUR), rate)).toThrow(/^rate: expected a decimal number above 0/);
  });

  it('cannot exceed the supply of bitcoin', () => {
    expect(fiatToSats(parseFiatAmount('21000000', EUR), '1')).toBe(MAX_SATS);
    expect(() => fiatToSats(parseFiatAmount('21000000.01', EUR), '1')).toThrow(RangeError);
  });

  const currency = fc.constantFrom(EUR, JPY, KWD);
  const rate = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 14n }), fc.nat({ max: 8 }))
    .map(([digits, scale]) => decimalText(digits, scale));

  it('are the smallest amount that is worth the price, by exact fractions', () => {
    fc.assert(
      fc.property(currency, fc.bigInt({ min: 1n, max: 10n ** 12n }), rate, (currency, minorUnits, rate) => {
        const worth = (satoshi: bigint): Fraction => times(fraction(rate), { over: satoshi, under: 100_000_000n });
        const asked: Fraction = { over: minorUnits, under: 10n ** BigInt(decimalsOf(currency)) };
        fc.pre(!isLess(worth(MAX_SATS), asked));
        const amount = fiatToSats({ currency, minorUnits }, rate);
        expect(isLess(worth(amount), asked), 'the merchant gets less').toBe(false);
        expect(isLess(worth(amount - 1n), asked), 'the buyer pays more than needed').toBe(true);
      }),
    );
  });
});

/** `over / under`; `under` is above 0. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

function fraction(text: string): Fraction {
  const { digits, scale } = parseDecimal(text)!;
  return { over: digits, under: 10n ** BigInt(scale) };
}

function times(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.over, under: a.under * b.under };
}

function isLess(a: Fraction, b: Fraction): boolean {
  return a.over * b.under < b.over * a.under;
}

function decimalText(digits: bigint, scale: number): string {
  const text = digits.toString().padStart(scale + 1, '0');
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
