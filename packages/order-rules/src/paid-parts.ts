/**
 * How much of an order is paid, in confirmation and unpaid, in satoshi and in fiat (the contract's PaidStatus).
 *
 * Fiat is rounded half to even, with two exceptions while the order is short: what is paid rounds down and what is unpaid rounds up. So
 * an order that lacks one satoshi never reads as paid to the last cent, and nothing reads as missing only where nothing is. Where the
 * merchant accepted less, within his tolerance or by hand, what is paid is the whole amount in fiat, and in satoshi what came: shop
 * plug-ins compare the fiat amount with their own total.
 */
import { satsToFiat, type Rounding } from './fiat.ts';
import type { Order, OrderTerms } from './order.ts';
import { requiredAmount } from './required-amount.ts';
import { tally, type Tally } from './tally.ts';

export interface PaidPart<Amount extends bigint = bigint> {
  readonly crypto: Amount;
  /** In minor units. */
  readonly fiat: bigint;
}

export interface PaidParts<Amount extends bigint = bigint> {
  readonly paid: PaidPart<Amount>;
  readonly inConfirmation: PaidPart<Amount>;
  readonly unpaid: PaidPart<Amount>;
}

/** An order with its price in fiat. */
export interface PricedOrder<Amount extends bigint = bigint> extends Pick<Order<Amount>, 'state' | 'payments'> {
  readonly terms: OrderTerms<Amount> & { readonly fiat: { readonly minorUnits: bigint } };
}

export function paidParts<Amount extends bigint>(order: PricedOrder<Amount>, tipHeight: number): PaidParts<Amount> {
  const { amount, fiat } = order.terms;
  const sums = tally(order, tipHeight);
  const part = (crypto: Amount, rounding: Rounding): PaidPart<Amount> => ({
    crypto,
    fiat: satsToFiat(crypto, amount, fiat.minorUnits, rounding),
  });
  return {
    paid: isAcceptedShort(order, sums)
      ? { crypto: sums.deep, fiat: fiat.minorUnits }
      : part(sums.deep, sums.deep < amount ? 'down' : 'half_even'),
    inConfirmation: part(sums.inConfirmation, 'half_even'),
    unpaid: part(sums.unpaid, 'up'),
  };
}

/** Whether what came is less than the amount, and enough all the same. */
function isAcceptedShort(order: Pick<Order, 'terms' | 'state'>, { deep }: Tally): boolean {
  if (deep >= order.terms.amount) return false;
  if (order.state.status === 'paid') return true;
  return order.state.status !== 'disputed' && deep >= requiredAmount(order).deep;
}
