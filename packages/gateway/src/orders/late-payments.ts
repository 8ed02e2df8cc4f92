import type { Order } from './order.ts';

/** Whether an order that ended unpaid received a payment after its end that was not reverted. */
export function hasLatePayment({ state, payments }: Pick<Order, 'state' | 'payments'>): boolean {
  if (state.status !== 'expired' && state.status !== 'cancelled') return false;
  const end = state.status === 'expired' ? state.expiredAt : state.cancelledAt;
  return payments.some(({ place, firstSeenAt }) => place.kind !== 'gone' && firstSeenAt >= end);
}
