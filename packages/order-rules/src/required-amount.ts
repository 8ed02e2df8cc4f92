import type { AcceptedManually, Order } from './order.ts';
import { beyond } from './sats.ts';

/** The amounts that an order requires to count as paid. */
export interface RequiredAmount<Amount extends bigint = bigint> {
  /** In the mempool, in a block, or missing. */
  readonly seen: Amount;
  /** With the confirmations that the order requires. */
  readonly confirmed: Amount;
}

/** Returns the order's amount less its tolerance, or what it had received when it was settled manually. */
export function requiredAmount<Amount extends bigint>({
  state,
  terms,
}: Pick<Order<Amount>, 'state' | 'terms'>): RequiredAmount<Amount> {
  const byHand = acceptedManually(state);
  if (byHand !== undefined) return byHand;
  const due = beyond(terms.amount, terms.tolerance);
  return { seen: due, confirmed: due };
}

/** Whether an order has received what it requires, confirmed. */
export function isCovered(order: Pick<Order, 'state' | 'terms'>, received: RequiredAmount): boolean {
  const { seen, confirmed } = requiredAmount(order);
  return received.seen >= seen && received.confirmed >= confirmed;
}

/** Returns what the order had received when it was settled manually; undefined unless it was, and is paid or disputed since. */
export function acceptedManually<Amount extends bigint>(state: Order<Amount>['state']): AcceptedManually<Amount> | undefined {
  return state.status === 'paid' || state.status === 'disputed' ? state.byHand : undefined;
}
