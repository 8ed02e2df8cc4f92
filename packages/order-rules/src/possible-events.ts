import { isConfirmed } from './confirmations.ts';
import type { Order, OrderState } from './order.ts';
import { requiredAmount } from './required-amount.ts';
import { MAX_SATS, MIN_ORDER_SATS, sumOf } from './sats.ts';
import type { OrderEvent } from './settle.ts';
import { tally } from './tally.ts';

export interface ChainLimits {
  readonly tipHeight: number;
  /** How many of the last blocks a reorganisation can replace. */
  readonly maxReorganisationDepth: number;
}

const EVENTS_FROM: Readonly<Record<OrderState['status'], readonly OrderEvent[]>> = {
  pending: ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired'],
  paid: ['payment.overpaid', 'payment.dispute.start'],
  disputed: ['payment.dispute.end', 'payment.chargeback'],
  expired: ['payment.overpaid'],
  cancelled: ['payment.overpaid'],
  charged_back: ['payment.overpaid'],
};

/**
 * Returns the events that can follow in the order's state. A sandbox can trigger them.
 *
 * @param isDisputable whether the chain can still take payments away; see {@link canFallShort}.
 */
export function possibleEvents(order: Order, tipHeight: number, isDisputable: boolean): readonly OrderEvent[] {
  return EVENTS_FROM[order.state.status].filter((event) => {
    if (event === 'payment.overpaid') return hasRoomForMore(order, tipHeight);
    return event !== 'payment.dispute.start' || isDisputable;
  });
}

/** Whether an order can be overpaid: it cannot receive more than the total supply of bitcoin. */
export function hasRoomForMore(order: Order, tipHeight: number): boolean {
  const { seen, unpaid } = tally(order, tipHeight);
  return seen + unpaid + MIN_ORDER_SATS <= MAX_SATS;
}

/** Whether a reorganisation could leave the order with less than it requires. */
export function canFallShort(order: Order, { tipHeight, maxReorganisationDepth }: ChainLimits): boolean {
  const safeConfirmations = Math.max(order.terms.requiredConfirmations, maxReorganisationDepth + 1);
  const safe = order.payments.filter((payment) => isConfirmed(payment, safeConfirmations, tipHeight));
  return sumOf(safe.map(({ amount }) => amount)) < requiredAmount(order).confirmed;
}
