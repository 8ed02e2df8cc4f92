/** Which events can follow from where an order stands: what the sandbox may be asked to bring about. */
import { MAX_SATS, sumSats } from '../kernel/sats.ts';
import { depthOf } from './depth.ts';
import { LEAST_ORDER } from './dust.ts';
import type { Order } from './order.ts';
import type { OrderEvent } from './settle.ts';
import { isDeep, tally } from './tally.ts';

export interface ChainLimits {
  readonly tipHeight: number;
  /** How many of the newest blocks a reorganisation can replace. */
  readonly deepestReorganisation: number;
}

export function possibleEvents(order: Order, limits: ChainLimits): readonly OrderEvent[] {
  return eventsFrom(order, limits).filter((event) => event !== 'payment.overpaid' || hasRoomForMore(order, limits));
}

function eventsFrom(order: Order, limits: ChainLimits): readonly OrderEvent[] {
  switch (order.state.status) {
    case 'pending':
      return ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired'];
    case 'paid':
      return canLoseIt(order, limits) ? ['payment.overpaid', 'payment.dispute.start'] : ['payment.overpaid'];
    case 'disputed':
      return ['payment.dispute.end', 'payment.chargeback'];
    case 'expired':
    case 'cancelled':
    case 'charged_back':
      return ['payment.overpaid'];
  }
}

/** An order cannot have more than all bitcoin that there can be. */
function hasRoomForMore(order: Order, { tipHeight }: ChainLimits): boolean {
  const { seen, unpaid } = tally(order, tipHeight);
  return seen + unpaid + LEAST_ORDER <= MAX_SATS;
}

/** Whether what is too deep for any reorganisation would leave the order uncovered. */
function canLoseIt({ terms, payments }: Order, { tipHeight, deepestReorganisation }: ChainLimits): boolean {
  const safe = payments.filter(
    (payment) =>
      isDeep(payment, terms.requiredConfirmations, tipHeight) && (depthOf(payment.place, tipHeight) ?? 0) > deepestReorganisation,
  );
  return sumSats(safe.map(({ amount }) => amount)) < terms.amount;
}
