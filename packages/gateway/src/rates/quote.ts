import type { EpochMs } from '../kernel/clock.ts';
import { parseDecimal, type Decimal } from '../kernel/decimal.ts';

/** The price of one bitcoin in one currency, as one provider has it. */
export interface Quote {
  readonly provider: string;
  readonly currency: string;
  readonly price: Decimal;
  /** When the provider had this price, by its own word where it gives one, never later than our own clock. */
  readonly at: EpochMs;
}

/** Digits after the point that a price keeps; more than any currency needs. */
const SCALE = 8;
const PRICE = /^(\d{1,12})(?:\.(\d{1,40}))?$/;

/** Reads the price in a provider's answer; undefined when it is none above 0. What is beyond 8 decimals is cut off. */
export function parsePrice(text: unknown): Decimal | undefined {
  const match = typeof text === 'string' ? PRICE.exec(text) : null;
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const price = parseDecimal(fraction === '' ? whole : `${whole}.${fraction.slice(0, SCALE)}`);
  return price === undefined || price.digits === 0n ? undefined : price;
}
