/**
 * Decides whether `payment.transaction.changed` is due: whenever an order's transactions say something that they did not say when the
 * order was last judged, that is a payment is there for the first time, or its `blockchain_status` is another. So it is sent when a
 * payment is seen, gets its first confirmation, is as deep as the order asks for, or is reverted, and by no other block.
 *
 * Level, not edge: what was said last is stored with each payment, and several changes at once are one. It is noted whether or not
 * anybody asks for the event, so that a POS which begins to ask hears of no old news.
 */
import type { Order } from './order.ts';
import { transactionStatus } from './rules.ts';

export interface ChangedTransactions {
  /** With the statuses noted. */
  readonly order: Order;
  readonly changed: boolean;
}

export function recordChangedTransactions(order: Order, tipHeight: number): ChangedTransactions {
  let changed = false;
  let isNoted = true;
  const payments = order.payments.map((payment) => {
    const status = transactionStatus(payment, order.terms.requiredConfirmations, tipHeight);
    if (payment.noted === status) return payment;
    isNoted = false;
    // Of a payment from before this was stored nobody knows what was said.
    if (payment.noted !== 'unknown') changed = true;
    return { ...payment, noted: status };
  });
  return { order: isNoted ? order : { ...order, payments }, changed };
}
