import type { EpochMs } from '../kernel/clock.ts';
import { parseDecimal, type Decimal } from '../kernel/decimal.ts';

/** One provider's price of one bitcoin in one currency. */
export interface Quote {
  readonly provider: string;
  readonly currency: string;
  readonly price: Decimal;
  /** When the provider had this price, by its own timestamp if it gives one, but never later than our own clock. */
  readonly at: EpochMs;
}

/** Decimals of a price, more than any currency needs. */
const SCALE = 8;
const PRICE = /^(\d{1,12})(?:\.(\d{1,40}))?$/;

/** Parses the price in a provider's answer; undefined unless it is above 0. Decimals beyond 8 are truncated. */
export function parsePrice(text: unknown): Decimal | undefined {
  const match = typeof text === 'string' ? PRICE.exec(text) : null;
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const price = parseDecimal(fraction === '' ? whole : `${whole}.${fraction.slice(0, SCALE)}`);
  return price === undefined || price.digits === 0n ? undefined : price;
}
