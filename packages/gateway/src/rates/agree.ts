/**
 * From what several providers say to one price: the median, so that one that is wrong cannot move it far. First those are
 * dropped whose price is too old, then those too far from the median of the rest: `outlierBps`, a fortieth by default.
 *
 * Two that are further apart than that leave no way to tell which is wrong; then there is no price, rather than one that may be
 * a fraction of what the merchant is owed. With three or more the majority decides; without one, there is no price either.
 */
import type { EpochMs } from '../kernel/clock.ts';
import { compareDecimals, divideHalfEven, type Decimal } from '../kernel/decimal.ts';
import type { Quote } from './quote.ts';

export interface Agreement {
  readonly price: Decimal;
  /** Whose prices it is made of, in the order of their names. */
  readonly providers: readonly string[];
  /** The oldest of them. */
  readonly at: EpochMs;
}

export interface AgreementLimits {
  readonly now: EpochMs;
  readonly maxAgeMs: number;
  /** How far from the median a price may be, in hundredths of a percent. */
  readonly outlierBps: number;
}

/** The price that the quotes of one currency agree on, or undefined. At most one quote a provider. */
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

/** Exact but for the last of 8 decimals, which is rounded half even. */
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
