import { divideHalfEven, formatDecimal, parseDecimal } from '../kernel/decimal.ts';

/** 100 % in basis points. */
const WHOLE_BPS = 10_000n;
/** The max spread: 10 %. A higher one is a typing error. */
export const MAX_SPREAD_BPS = 1_000;
/** Decimals of a rate after the spread. */
const SCALE = 8;

/**
 * Takes a spread off a rate, exact to 8 decimals, rounded half to even. Without a spread, the rate is returned unchanged.
 *
 * @param value units of fiat for one bitcoin, a decimal string.
 * @param spreadBps basis points, an integer.
 * @throws RangeError when either is malformed or out of range.
 * @example withSpread('60000', 50) // '59700'
 */
export function withSpread(value: string, spreadBps: number): string {
  if (!Number.isInteger(spreadBps) || spreadBps < 0 || spreadBps > MAX_SPREAD_BPS)
    throw new RangeError(`spread: expected a whole number from 0 to ${MAX_SPREAD_BPS}, got ${spreadBps}`);
  if (spreadBps === 0) return value;
  const decimal = parseDecimal(value);
  if (decimal === undefined) throw new RangeError(`rate: expected a decimal number, got ${JSON.stringify(value)}`);
  const numerator = decimal.digits * (WHOLE_BPS - BigInt(spreadBps)) * 10n ** BigInt(SCALE);
  return formatDecimal({ digits: divideHalfEven(numerator, WHOLE_BPS * 10n ** BigInt(decimal.scale)), scale: SCALE });
}
