import type { Order } from './order.ts';

/** Whether the order was covered in time, so that it waits, or waited, for its settlement timeout. */
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
