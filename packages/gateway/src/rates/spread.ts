import { divideHalfEven, formatDecimal, parseDecimal } from '../kernel/decimal.ts';

/** All of a rate, in hundredths of a percent. */
const WHOLE_BPS = 10_000n;
/** The most that may be taken off: a tenth. More is a slip of the pen, not a price. */
export const MOST_SPREAD_BPS = 1_000;
/** Decimals of a rate that a spread was taken off. */
const SCALE = 8;

/**
 * A rate with a spread taken off it, exact to 8 decimals, half even; without a spread the rate to the letter.
 *
 * @param value units of fiat for one bitcoin, a decimal string.
 * @param spreadBps hundredths of a percent, a whole number.
 * @throws RangeError when either is not of that form.
 * @example withSpread('60000', 50) // '59700'
 */
export function withSpread(value: string, spreadBps: number): string {
  if (!Number.isInteger(spreadBps) || spreadBps < 0 || spreadBps > MOST_SPREAD_BPS)
    throw new RangeError(`spread: expected a whole number from 0 to ${MOST_SPREAD_BPS}, got ${spreadBps}`);
  if (spreadBps === 0) return value;
  const decimal = parseDecimal(value);
  if (decimal === undefined) throw new RangeError(`rate: expected a decimal number, got ${JSON.stringify(value)}`);
  const numerator = decimal.digits * (WHOLE_BPS - BigInt(spreadBps)) * 10n ** BigInt(SCALE);
  return formatDecimal({ digits: divideHalfEven(numerator, WHOLE_BPS * 10n ** BigInt(decimal.scale)), scale: SCALE });
}
