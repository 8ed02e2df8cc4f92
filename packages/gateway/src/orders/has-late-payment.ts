import type { Order } from './order.ts';

/** Whether something has come since an order ended unpaid that is still there. */
export function hasLatePayment({ state, payments }: Pick<Order, 'state' | 'payments'>): boolean {
  if (state.status !== 'expired' && state.status !== 'cancelled') return false;
  const end = state.status === 'expired' ? state.expiredAt : state.cancelledAt;
  return payments.some(({ place, firstSeenAt }) => place.kind !== 'gone' && firstSeenAt >= end);
}
