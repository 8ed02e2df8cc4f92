/** Converts between fiat and satoshi. Fiat amounts are whole minor units (cents). */

/** The fiat price of one bitcoin: `digits / 10^scale`. */
export interface DecimalRate {
  readonly digits: bigint;
  readonly scale: number;
}

const SATS_PER_BTC = 100_000_000n;

/** Converts a price to satoshi, rounded up so that a merchant never gets less. @param decimals Of the currency. */
export function fiatToSats(minorUnits: bigint, decimals: number, rate: DecimalRate): bigint {
  return DIVIDE.up(minorUnits * SATS_PER_BTC * 10n ** BigInt(rate.scale), 10n ** BigInt(decimals) * rate.digits);
}

/**
 * `half_even` for amounts that are only shown; `up` and `down` where rounding to the nearest could claim that nothing is missing, or that
 * everything is paid.
 */
export type Rounding = 'half_even' | 'up' | 'down';

/**
 * Converts a part of an order to fiat by the order's own terms: `minorUnits * part / amount`. The whole amount gives exactly the order's
 * price, with any rounding.
 */
export function satsToFiat(part: bigint, amount: bigint, minorUnits: bigint, rounding: Rounding): bigint {
  return DIVIDE[rounding](minorUnits * part, amount);
}

// Expects a >= 0 and b > 0.
const DIVIDE: Readonly<Record<Rounding, (a: bigint, b: bigint) => bigint>> = {
  up: (a, b) => (a + b - 1n) / b,
  down: (a, b) => a / b,
  half_even: (a, b) => {
    const floor = a / b;
    const twice = (a % b) * 2n;
    return twice < b || (twice === b && floor % 2n === 0n) ? floor : floor + 1n;
  },
};
