import { sumSats, ZERO_SATS, type Sats } from '../kernel/sats.ts';
import type { Order } from './order.ts';

/** Whether an order that ended unpaid received a payment after its end that was not reverted. */
export function hasLatePayment(order: Pick<Order, 'state' | 'payments'>): boolean {
  return receivedLate(order) > ZERO_SATS;
}

/** Returns how much an order that ended unpaid received after its end. */
export function receivedLate({ state, payments }: Pick<Order, 'state' | 'payments'>): Sats {
  if (state.status !== 'expired' && state.status !== 'cancelled') return ZERO_SATS;
  const end = state.status === 'expired' ? state.expiredAt : state.cancelledAt;
  const late = payments.filter(({ place, firstSeenAt }) => place.kind !== 'gone' && firstSeenAt >= end);
  return sumSats(late.map(({ amount }) => amount));
}
