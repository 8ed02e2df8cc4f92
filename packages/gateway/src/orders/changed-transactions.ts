/**
 * Decides whether `payment.transaction.changed` is due: an order has a new payment, or the `blockchain_status` of a payment has changed
 * since the order was last settled. So the event is sent when a payment is seen, gets its first confirmation, is confirmed or is
 * reverted, and no other block causes one.
 *
 * The decision is level-triggered: the last status is stored with each payment, and several changes at once make one event. It is stored
 * even for a POS that does not request the event, so that a POS that begins to request it receives no old changes.
 */
import type { Order } from './order.ts';
import { transactionStatus } from './rules.ts';

export interface ChangedTransactions {
  /** The order with the present statuses stored. */
  readonly order: Order;
  readonly changed: boolean;
}

export function recordChangedTransactions(order: Order, tipHeight: number): ChangedTransactions {
  let changed = false;
  let isCurrent = true;
  const payments = order.payments.map((payment) => {
    const status = transactionStatus(payment, order.terms.requiredConfirmations, tipHeight);
    if (payment.noted === status) return payment;
    isCurrent = false;
    // The payment is older than this record: whether its status has changed is unknown.
    if (payment.noted !== 'unknown') changed = true;
    return { ...payment, noted: status };
  });
  return { order: isCurrent ? order : { ...order, payments }, changed };
}
