/** Computes what a buyer may claim back: bitcoin that the order has received and may not keep. */
import { satsBeyond, ZERO_SATS, type Sats } from '../kernel/sats.ts';
import type { Order } from './order.ts';
import { MIN_ORDER_AMOUNT, surplus, tally, type Tally } from './rules.ts';
import { wasCovered } from './was-covered.ts';

/**
 * Counts everything seen, confirmed or not, because the buyer is on the page now. The exception is an order that expired because its
 * payment was never confirmed: that payment may still be reverted.
 *
 * @returns 0 for less than the smallest order, which costs more to send than it is worth, and if the merchant has refused the payments.
 */
export function owedBack(order: Order, tipHeight: number): Sats {
  const sums = tally(order, tipHeight);
  if (sums.seen <= order.handled) return ZERO_SATS;
  const owed = notKept(order, sums);
  return owed < MIN_ORDER_AMOUNT ? ZERO_SATS : owed;
}

function notKept(order: Order, { seen, confirmed, unpaid }: Tally): Sats {
  if (order.state.status === 'pending') return unpaid > ZERO_SATS ? ZERO_SATS : satsBeyond(seen, order.terms.amount);
  const isUnsettled = order.state.status === 'expired' && wasCovered(order);
  return surplus(order, { confirmed: isUnsettled ? confirmed : seen });
}
