/**
 * Combines the quotes of several providers into one price: the median, so that a single wrong quote cannot move it far. Quotes
 * that are too old are dropped first, then those too far from the median of the rest: `outlierBps`, 2.5 % by default.
 *
 * If two quotes differ by more than that, there is no way to tell which is wrong, so there is no price rather than one that may
 * be a fraction of what the merchant is owed. With three or more, the majority decides; without a majority there is no price
 * either.
 */
import type { EpochMs } from '../kernel/clock.ts';
import { compareDecimals, divideHalfEven, type Decimal } from '../kernel/decimal.ts';
import type { Quote } from './quote.ts';

/** The default max deviation from the median: 2.5 %. */
export const OUTLIER_BPS = 250;

export interface Agreement {
  readonly price: Decimal;
  /** The providers of the quotes used, sorted by name. */
  readonly providers: readonly string[];
  /** The time of the oldest of them. */
  readonly at: EpochMs;
}

export interface AgreementLimits {
  readonly now: EpochMs;
  readonly maxAgeMs: number;
  /** The max deviation from the median, in basis points. */
  readonly outlierBps: number;
}

/** Returns the price that the quotes of one currency agree on, or undefined. Each provider has at most one quote. */
export function agree(quotes: readonly Quote[], limits: AgreementLimits): Agreement | undefined {
  const fresh = quotes.filter(({ at }) => limits.now - at <= limits.maxAgeMs);
  if (fresh.length === 0) return undefined;
  const middle = median(fresh);
  const near = fresh.filter(({ price }) => isNear(price, middle, limits.outlierBps));
  if (near.length * 2 <= fresh.length) return undefined;
  return {
    price: median(near),
    providers: near.map(({ provider }) => provider).sort(),
    at: Math.min(...near.map(({ at }) => at)) as EpochMs,
  };
}

function median(quotes: readonly Quote[]): Decimal {
  const prices = quotes.map(({ price }) => price).sort(compareDecimals);
  const half = prices.length >> 1;
  const upper = prices[half] as Decimal;
  return prices.length % 2 === 1 ? upper : mean(prices[half - 1] as Decimal, upper);
}

/** Exact except for the last of 8 decimals, which is rounded half to even. */
export function mean(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const at = (decimal: Decimal): bigint => decimal.digits * 10n ** BigInt(scale - decimal.scale);
  const sum = at(a) + at(b);
  if (scale < 8) return { digits: sum * 5n, scale: scale + 1 };
  return { digits: divideHalfEven(sum, 2n), scale };
}

function isNear(price: Decimal, middle: Decimal, bps: number): boolean {
  const [a, b] = [price.digits * 10n ** BigInt(middle.scale), middle.digits * 10n ** BigInt(price.scale)];
  const difference = a > b ? a - b : b - a;
  return difference * 10_000n <= b * BigInt(bps);
}
