import type { Order } from './order.ts';

/** Whether the whole amount had been seen in time, so that the order was given its settlement timeout. */
export function wasCovered({ state }: Pick<Order, 'state'>): boolean {
  switch (state.status) {
    case 'pending':
    case 'expired':
      return state.coveredAt !== null;
    case 'paid':
    case 'disputed':
    case 'charged_back':
      return true;
    case 'cancelled':
      return false;
  }
}
