/** Which amount a buyer of a link pays. */
import { formatFiatAmount, parseFiatAmount, type FiatAmount } from '../orders/fiat.ts';
import type { PaymentLink } from './payment-link.ts';

export type PayableAmount =
  | { readonly kind: 'amount'; readonly amount: FiatAmount }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'below' | 'above'; readonly limit: string };

/** @param typed A decimal string from the buyer; undefined for none or an unreadable one. It is ignored if the link's amount is fixed. */
export function payableAmount(
  { price, currency }: Pick<PaymentLink, 'price' | 'currency'>,
  typed: string | undefined,
): PayableAmount {
  if (price.kind === 'fixed') return { kind: 'amount', amount: price.amount };
  const amount = typed === undefined ? undefined : parsed(typed, currency);
  if (amount === undefined) return { kind: 'invalid' };
  const { min, max } = price;
  if (min !== null && amount.minorUnits < min.minorUnits) return { kind: 'below', limit: formatFiatAmount(min) };
  if (max !== null && amount.minorUnits > max.minorUnits) return { kind: 'above', limit: formatFiatAmount(max) };
  return { kind: 'amount', amount };
}

function parsed(text: string, currency: PaymentLink['currency']): FiatAmount | undefined {
  try {
    return parseFiatAmount(text, currency);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
