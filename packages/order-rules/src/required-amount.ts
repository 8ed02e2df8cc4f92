import type { AcceptedManually, Order } from './order.ts';
import { beyond } from './sats.ts';

/** How much bitcoin is enough for an order. */
export interface RequiredAmount<Amount extends bigint = bigint> {
  /** Seen: in the mempool or in blocks. */
  readonly seen: Amount;
  /** With the confirmations that the order requires. */
  readonly deep: Amount;
}

/** The amount of an order less its tolerance, or what the merchant accepted by hand. */
export function requiredAmount<Amount extends bigint>({
  state,
  terms,
}: Pick<Order<Amount>, 'state' | 'terms'>): RequiredAmount<Amount> {
  const byHand = acceptedManually(state);
  if (byHand !== undefined) return byHand;
  const due = beyond(terms.amount, terms.tolerance);
  return { seen: due, deep: due };
}

/** Whether an order has enough. */
export function isCovered(order: Pick<Order, 'state' | 'terms'>, has: RequiredAmount): boolean {
  const { seen, deep } = requiredAmount(order);
  return has.seen >= seen && has.deep >= deep;
}

/** What the merchant accepted by hand, while the order is paid or disputed on these terms. */
export function acceptedManually<Amount extends bigint>(state: Order<Amount>['state']): AcceptedManually<Amount> | undefined {
  return state.status === 'paid' || state.status === 'disputed' ? state.byHand : undefined;
}
