/** The version of an order, by which open pages learn that it has changed. */
import type { OrderInContext } from '../../contract/order-wire.ts';
import type { Order } from '../../orders/order.ts';
import { blockchainStatus, confirmationsOf, tally } from '../../orders/rules.ts';
import { REFUND_STATUSES, type Refund } from '../../refunds/refund.ts';

/**
 * Differs whenever the page of an order would, but for the confirmations of a refund's payment: `notifyOfConfirmations` notifies of those.
 *
 * @param refunds All of the order, the oldest first.
 */
export function orderVersion(
  { order, tipHeight }: Pick<OrderInContext, 'order' | 'tipHeight'>,
  refunds: readonly Pick<Refund, 'state'>[],
): string {
  const { terms, state } = order;
  const depth = Math.min(fewestConfirmations(order, tipHeight), terms.requiredConfirmations);
  const { seen } = tally(order, tipHeight);
  const refunded = refunds.map((refund) => REFUND_STATUSES.indexOf(refund.state.status)).join('');
  const status = blockchainStatus(order, tipHeight);
  return [state.status, status, seen, depth, order.payments.length, terms.expiresAt, refunded].join('.');
}

/** The confirmations of the least confirmed payment. */
export function fewestConfirmations(order: Order, tipHeight: number): number {
  const all = order.payments.map(({ place }) => confirmationsOf(place, tipHeight)).filter((count) => count !== undefined);
  return all.length === 0 ? 0 : Math.min(...all);
}
