/**
 * Reads, formats and converts fiat amounts. They are exact: whole minor units (cents) in a bigint, and decimal strings at the edge.
 * Conversion to satoshi rounds up, so that a merchant never gets less than the price.
 */
import * as rules from '@webpos/order-rules';
import { parseDecimal } from '../kernel/decimal.ts';
import { sats, type Sats } from '../kernel/sats.ts';
import { decimalsOf, type CurrencyCode } from './currency.ts';

/** An amount in minor units: `{currency: 'EUR', minorUnits: 1000n}` is ten euro. */
export interface FiatAmount {
  readonly currency: CurrencyCode;
  readonly minorUnits: bigint;
}

/**
 * Reads an amount above 0 in a currency.
 *
 * @throws RangeError if the text is not a decimal number above 0, or has more decimals than the currency.
 * @example parseFiatAmount('10.00', 'EUR') // {currency: 'EUR', minorUnits: 1000n}
 */
export function parseFiatAmount(text: string, currency: CurrencyCode): FiatAmount {
  const decimal = parseDecimal(text);
  if (decimal === undefined || decimal.digits <= 0n) throw new RangeError(`must be a decimal number above 0, got ${quote(text)}`);
  const decimals = decimalsOf(currency);
  const excess = decimal.scale - decimals;
  if (excess <= 0) return { currency, minorUnits: decimal.digits * 10n ** BigInt(-excess) };
  const divisor = 10n ** BigInt(excess);
  if (decimal.digits % divisor !== 0n) {
    throw new RangeError(`must have at most ${decimals} decimals in ${currency}, got ${quote(text)}`);
  }
  return { currency, minorUnits: decimal.digits / divisor };
}

/** Formats an amount as a decimal string with all decimals of its currency: `10.00`. */
export function formatFiatAmount({ currency, minorUnits }: FiatAmount): string {
  const decimals = decimalsOf(currency);
  const digits = minorUnits.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Converts a fiat amount to satoshi, rounded up.
 *
 * @param rate The price of one bitcoin in fiat units: a decimal string above 0.
 * @throws RangeError if the rate is not a decimal number above 0, or the result exceeds the supply of bitcoin.
 * @example fiatToSats(parseFiatAmount('10.00', 'EUR'), '60000') // 16667n
 */
export function fiatToSats(amount: FiatAmount, rate: string): Sats {
  const decimal = parseDecimal(rate);
  if (decimal === undefined || decimal.digits <= 0n)
    throw new RangeError(`rate: expected a decimal number above 0, got ${quote(rate)}`);
  return sats(rules.fiatToSats(amount.minorUnits, decimalsOf(amount.currency), decimal));
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
