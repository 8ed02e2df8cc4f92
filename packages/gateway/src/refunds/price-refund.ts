/**
 * Computes the amount of a refund in satoshi. A fiat amount is converted as prices are, rounded up to a whole satoshi, which favours the
 * buyer. Two halves can then exceed the whole by a satoshi, so an excess that rounding alone has caused is dropped.
 */
import type { Sats } from '../kernel/sats.ts';
import { fiatToSats, type FiatAmount } from '../orders/fiat.ts';
import { MIN_ORDER_AMOUNT } from '../orders/rules.ts';
import type { RefundPrice } from './refund.ts';

/** What the merchant asks for. */
export type AmountAsked =
  | { readonly kind: 'suggested' }
  | { readonly kind: 'satoshi'; readonly amount: Sats }
  | { readonly kind: 'fiat'; readonly fiat: FiatAmount; readonly at: 'order' | 'current' };

export type Priced =
  | { readonly kind: 'priced'; readonly amount: Sats; readonly price: RefundPrice }
  /** More than is left. */
  | { readonly kind: 'too_much' }
  /** Less than nodes relay, or nothing at all. */
  | { readonly kind: 'too_little' };

/** By how much rounding up can exceed what is left. */
const ROUNDING = 1n;

/** @param rate The price of one bitcoin in the currency of the fiat amount: a decimal string. */
export function priceRefund(asked: AmountAsked, left: Sats, suggested: Sats, rate: string): Priced {
  const priced = amountOf(asked, suggested, rate);
  const { price } = priced;
  const isRounded = price.kind !== 'satoshi' && priced.amount > left && priced.amount - left <= ROUNDING;
  const amount = isRounded ? left : priced.amount;
  if (amount > left) return { kind: 'too_much' };
  return amount < MIN_ORDER_AMOUNT ? { kind: 'too_little' } : { kind: 'priced', amount, price };
}

function amountOf(asked: AmountAsked, suggested: Sats, rate: string): { readonly amount: Sats; readonly price: RefundPrice } {
  switch (asked.kind) {
    case 'suggested':
      return { amount: suggested, price: { kind: 'satoshi' } };
    case 'satoshi':
      return { amount: asked.amount, price: { kind: 'satoshi' } };
    case 'fiat':
      return { amount: fiatToSats(asked.fiat, rate), price: { kind: asked.at, fiat: asked.fiat, rate } };
  }
}
