import type { Selectable } from 'kysely';
import { parseDecimal } from '../../../kernel/decimal.ts';
import type { Quote } from '../../../rates/quote.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const rateColumns = {
  provider: { kind: 'text' },
  currency: { kind: 'text' },
  /** A decimal number. */
  price: { kind: 'text' },
  /** When the provider had this price. */
  priced_at: { kind: 'time' },
  /** When the provider was asked. */
  asked_at: { kind: 'time' },
} as const;

export type SharedRatesTable = TableOf<typeof rateColumns>;

const read = readersOf(rateColumns);

/** Returns undefined if the price cannot be read: then there is no quote, as if the provider had not answered. */
export function quoteFrom({ provider, currency, price, priced_at: pricedAt }: Selectable<SharedRatesTable>): Quote | undefined {
  const decimal = parseDecimal(price);
  return decimal && { provider, currency, price: decimal, at: read.priced_at(pricedAt) };
}
