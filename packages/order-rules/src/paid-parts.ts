/**
 * Computes how much of an order is paid, in confirmation and unpaid, in satoshi and in fiat (the contract's PaidStatus).
 *
 * Fiat is rounded half to even, with two exceptions while the order is short: the paid part rounds down and the unpaid part rounds up. So
 * an order that lacks one satoshi never shows its full price as paid, and shows 0.00 as unpaid only if nothing is. If the merchant
 * accepted less, by tolerance or manually, the paid part is the full price in fiat, because shop plug-ins compare it with their own
 * total, and the received amount in satoshi.
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
      ? { crypto: sums.confirmed, fiat: fiat.minorUnits }
      : part(sums.confirmed, sums.confirmed < amount ? 'down' : 'half_even'),
    inConfirmation: part(sums.inConfirmation, 'half_even'),
    unpaid: part(sums.unpaid, 'up'),
  };
}

/** Whether the confirmed amount is less than the order's amount and still enough. */
function isAcceptedShort(order: Pick<Order, 'terms' | 'state'>, { confirmed }: Tally): boolean {
  if (confirmed >= order.terms.amount) return false;
  if (order.state.status === 'paid') return true;
  return order.state.status !== 'disputed' && confirmed >= requiredAmount(order).confirmed;
}
