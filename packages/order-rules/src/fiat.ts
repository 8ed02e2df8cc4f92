/** Fiat amounts are whole minor units (cents). */

/** Fiat for one bitcoin, as `digits / 10^scale`. */
export interface DecimalRate {
  readonly digits: bigint;
  readonly scale: number;
}

const SATS_PER_BTC = 100_000_000n;

/** What a price is in satoshi, rounded up so that a merchant never gets less. @param decimals those of the currency. */
export function fiatToSats(minorUnits: bigint, decimals: number, rate: DecimalRate): bigint {
  return DIVIDE.up(minorUnits * SATS_PER_BTC * 10n ** BigInt(rate.scale), 10n ** BigInt(decimals) * rate.digits);
}

/** Half even unless stated otherwise; `up` and `down` where a rounded amount would claim that nothing is missing, or all is paid. */
export type Rounding = 'half_even' | 'up' | 'down';

/**
 * What some satoshi of an order are in fiat, by the order's own terms: `minorUnits * part / amount`. The whole amount gives the order's
 * own price to the letter, however it is rounded.
 */
export function satsToFiat(part: bigint, amount: bigint, minorUnits: bigint, rounding: Rounding): bigint {
  return DIVIDE[rounding](minorUnits * part, amount);
}

// Of numbers from 0 up, by one above 0.
const DIVIDE: Readonly<Record<Rounding, (a: bigint, b: bigint) => bigint>> = {
  up: (a, b) => (a + b - 1n) / b,
  down: (a, b) => a / b,
  half_even: (a, b) => {
    const floor = a / b;
    const twice = (a % b) * 2n;
    return twice < b || (twice === b && floor % 2n === 0n) ? floor : floor + 1n;
  },
};
