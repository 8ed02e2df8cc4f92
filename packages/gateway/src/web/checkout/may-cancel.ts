import type { Order } from '../../orders/order.ts';
import { blockchainStatus } from '../../orders/rules.ts';

/** Whether a buyer may cancel: until the whole amount is seen. */
export function mayCancel(order: Order, tipHeight: number): boolean {
  if (order.state.status !== 'pending') return false;
  const status = blockchainStatus(order, tipHeight);
  return status === 'pending' || status === 'partial';
}
