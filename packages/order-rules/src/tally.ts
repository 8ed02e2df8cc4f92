import { isConfirmed } from './confirmations.ts';
import type { Order, Payment } from './order.ts';
import { acceptedManually, requiredAmount } from './required-amount.ts';
import { beyond, sumOf, zero } from './sats.ts';

/** Sums of an order's payments, in satoshi. Reverted payments do not count. */
export interface Tally<Amount extends bigint = bigint> {
  /** In the mempool, in a block, or missing from both for no known reason. */
  readonly seen: Amount;
  /** In a block, with any number of confirmations. */
  readonly inBlocks: Amount;
  /** With the confirmations that the order requires. */
  readonly confirmed: Amount;
  /** Seen, but not yet confirmed. */
  readonly inConfirmation: Amount;
  /** Still to be paid: the rest of the whole amount until enough has been seen, then 0. */
  readonly unpaid: Amount;
}

/** Sums an order's payments at a height of the chain's tip. */
export function tally<Amount extends bigint>(
  order: Pick<Order<Amount>, 'terms' | 'state' | 'payments'>,
  tipHeight: number,
): Tally<Amount> {
  const sumIf = (counts: (payment: Payment) => boolean): Amount =>
    sumOf(order.payments.filter(counts).map(({ amount }) => amount));
  const seen = sumIf(({ place }) => place.kind !== 'gone');
  const inBlocks = sumIf(({ place }) => place.kind === 'block');
  const confirmed = sumIf((payment) => isConfirmed(payment, order.terms.requiredConfirmations, tipHeight));
  const whole = acceptedManually(order.state)?.seen ?? order.terms.amount;
  const unpaid = seen >= requiredAmount(order).seen ? zero<Amount>() : beyond(whole, seen);
  return { seen, inBlocks, confirmed, inConfirmation: beyond(seen, confirmed), unpaid };
}
