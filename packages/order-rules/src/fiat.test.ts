import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fiatToSats, satsToFiat, type Rounding } from './fiat.ts';
import { MAX_SATS } from './sats.ts';

describe('fiatToSats', () => {
  it('returns the smallest amount that is worth the price at the rate', () => {
    const rates = fc.record({ digits: fc.bigInt({ min: 1n, max: 10n ** 14n }), scale: fc.nat({ max: 8 }) });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.nat({ max: 3 }), rates, (minorUnits, decimals, rate) => {
        const sats = fiatToSats(minorUnits, decimals, rate);
        // sats / 10^8 * digits / 10^scale against minorUnits / 10^decimals, without a division.
        const isEnough = (count: bigint): boolean =>
          count * rate.digits * 10n ** BigInt(decimals) >= minorUnits * 10n ** BigInt(8 + rate.scale);
        expect([isEnough(sats), isEnough(sats - 1n)]).toEqual([true, false]);
      }),
    );
  });
});

describe('satsToFiat', () => {
  // Ten euro for 16,667 satoshi.
  it.each([
    [0n, 0n],
    [8n, 0n],
    [9n, 1n],
    [8_333n, 500n],
    [16_666n, 1000n],
    [16_667n, 1000n],
    [16_668n, 1000n],
    [33_334n, 2000n],
  ])('rounds to the nearest cent: %s of 16,667 satoshi for ten euro are %s cents', (part, cents) => {
    expect(satsToFiat(part, 16_667n, 1000n, 'half_even')).toBe(cents);
  });

  // A cent is 200 satoshi, so every odd multiple of 100 is a tie.
  it.each([
    [100n, 0n],
    [101n, 1n],
    [300n, 2n],
    [500n, 2n],
    [700n, 4n],
    [99_900n, 500n],
    [100_100n, 500n],
    [100_300n, 502n],
  ])('rounds a tie to the even cent: %s satoshi are %s cents', (part, cents) => {
    expect(satsToFiat(part, 200_000n, 1000n, 'half_even')).toBe(cents);
  });

  const roundings: readonly Rounding[] = ['half_even', 'up', 'down'];
  const sats = fc.bigInt({ min: 0n, max: MAX_SATS });
  const terms = fc.record({ minorUnits: fc.bigInt({ min: 1n, max: 10n ** 15n }), amount: fc.bigInt({ min: 1n, max: MAX_SATS }) });

  it.each(roundings)('returns the price for the whole amount and 0 for nothing, rounded %s', (rounding) => {
    fc.assert(
      fc.property(terms, ({ amount, minorUnits }) => {
        expect(satsToFiat(amount, amount, minorUnits, rounding)).toBe(minorUnits);
        expect(satsToFiat(0n, amount, minorUnits, rounding)).toBe(0n);
      }),
    );
  });

  it.each(roundings)('never returns less for more satoshi, rounded %s', (rounding) => {
    fc.assert(
      fc.property(terms, sats, sats, ({ amount, minorUnits }, one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        expect(satsToFiat(less, amount, minorUnits, rounding) <= satsToFiat(more, amount, minorUnits, rounding)).toBe(true);
      }),
    );
  });

  it('is off by at most half a cent, never too low rounded up, and never too high rounded down', () => {
    fc.assert(
      fc.property(terms, sats, ({ amount, minorUnits }, part) => {
        const off = (rounding: Rounding): bigint => satsToFiat(part, amount, minorUnits, rounding) * amount - minorUnits * part;
        const nearest = off('half_even');
        expect(2n * (nearest < 0n ? -nearest : nearest) <= amount).toBe(true);
        expect(off('up') >= 0n && off('up') < amount).toBe(true);
        expect(off('down') <= 0n && off('down') > -amount).toBe(true);
      }),
    );
  });
});
