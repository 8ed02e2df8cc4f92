import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../kernel/clock.ts';
import { compareDecimals, formatDecimal, parseDecimal } from '../kernel/decimal.ts';
import { agree, mean } from './agree.ts';
import type { Quote } from './quote.ts';

const NOW = epochMs(1_000_000);
const limits = { now: NOW, maxAgeMs: 600_000, outlierBps: 250 };

function quotes(...prices: (string | [price: string, ageMs: number])[]): Quote[] {
  return prices.map((each, index) => {
    const [price, ageMs] = typeof each === 'string' ? [each, 0] : each;
    return { provider: `p${index}`, currency: 'EUR', price: parseDecimal(price)!, at: epochMs(NOW - ageMs) };
  });
}

function agreed(...prices: Parameters<typeof quotes>): string | undefined {
  const agreement = agree(quotes(...prices), limits);
  return agreement && formatDecimal(agreement.price);
}

describe('providers agree on', () => {
  it.each<[string, Parameters<typeof quotes>, string | undefined]>([
    ['nothing when no provider answers', [], undefined],
    ['the price of the only one', ['60000'], '60000'],
    ['the middle of two', ['60000', '60001'], '60000.5'],
    ['the one in the middle of three', ['60100', '59900', '60000.12'], '60000.12'],
    ['the mean of the two in the middle of four', ['60000', '60001', '60003', '60002'], '60001.5'],
    ['the price of the others when one is far off', ['60000', '60010', '90000'], '60005'],
    ['the price of the others when one is far too low', ['1', '60000', '60010'], '60005'],
    ['nothing when two are too far apart to tell which is wrong', ['60000', '66000'], undefined],
    ['nothing when two of four have one price and two another', ['60000', '60000', '70000', '70000'], undefined],
    ['the fresh price, however many are stale', ['60000', ['50000', 600_001], ['50000', 9e5]], '60000'],
    ['a price that is just not too old', [['60000', 600_000]], '60000'],
    ['nothing when all are stale', [['60000', 600_001]], undefined],
  ])('%s', (_, prices, expected) => {
    expect(agreed(...prices)).toBe(expected);
  });

  it('a price that names its providers, and is as old as the oldest of them', () => {
    const found = agree(quotes(['60000', 5_000], ['60010', 9_000], ['90000', 10_000]), limits);
    expect(found).toMatchObject({ providers: ['p0', 'p1'], at: NOW - 9_000 });
  });

  it('a price between the lowest and the highest, which one wrong provider among three or more cannot move out of the others', () => {
    const honest = fc.array(fc.integer({ min: 59_500, max: 60_500 }), { minLength: 2, maxLength: 6 });
    const price = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(honest, price, (others, lie) => {
        const found = agree(quotes(...others.map(String), String(lie)), limits)!;
        const sorted = others.map((each) => parseDecimal(String(each))!).sort(compareDecimals);
        expect(compareDecimals(found.price, sorted[0]!)).toBeGreaterThanOrEqual(0);
        expect(compareDecimals(found.price, sorted.at(-1)!)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('the same price in any order of the answers', () => {
    const prices = fc.array(fc.integer({ min: 55_000, max: 65_000 }).map(String), { minLength: 1, maxLength: 6 });
    const orders = prices.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(orders, ([a, b]) => {
        expect(agreed(...a)).toBe(agreed(...b));
      }),
    );
  });
});

describe('the mean', () => {
  it.each([
    ['1', '2', '1.5'],
    ['0.00000001', '0.00000002', '0.00000002'],
    ['0.00000002', '0.00000003', '0.00000002'],
    ['60000.1', '60000', '60000.05'],
  ])('of %s and %s is %s', (a, b, expected) => {
    expect(formatDecimal(mean(parseDecimal(a)!, parseDecimal(b)!))).toBe(expected);
  });
});
