import type { Order, OrderState } from './order.ts';
import { requiredAmount } from './required-amount.ts';
import { tally } from './tally.ts';

/** The contract's `status`: what most shops need to know. */
export type OrderStatus = 'pending' | 'paid' | 'cancelled' | 'expired' | 'network_dispute' | 'chargeback';

/** The contract's `blockchain_status`: more detail while an order is pending or disputed. */
export type BlockchainStatus =
  OrderStatus | 'partial' | 'mempool_unconfirmed' | 'unconfirmed' | 'mempool_network_dispute' | 'possible_chargeback';

export function blockchainStatus(order: Pick<Order, 'terms' | 'state' | 'payments'>, tipHeight: number): BlockchainStatus {
  const { status } = order.state;
  if (status !== 'pending' && status !== 'disputed') return orderStatus(order);
  const required = requiredAmount(order);
  const { seen, inBlocks } = tally(order, tipHeight);
  if (status === 'disputed') {
    if (seen < required.seen) return 'possible_chargeback';
    return inBlocks < required.confirmed ? 'mempool_network_dispute' : 'network_dispute';
  }
  if (seen === 0n) return 'pending';
  if (seen < required.seen) return 'partial';
  return inBlocks < required.seen ? 'mempool_unconfirmed' : 'unconfirmed';
}

export function orderStatus({ state: { status } }: Pick<Order, 'state'>): OrderStatus {
  if (status === 'disputed') return 'network_dispute';
  return status === 'charged_back' ? 'chargeback' : status;
}

/** When an order stopped being pending; undefined while it is pending. */
export function resolvedAt<Time extends number>(state: OrderState<bigint, Time>): Time | undefined {
  switch (state.status) {
    case 'pending':
      return undefined;
    case 'paid':
    case 'disputed':
      return state.paidAt;
    case 'charged_back':
      return state.chargedBackAt;
    case 'expired':
      return state.expiredAt;
    case 'cancelled':
      return state.cancelledAt;
  }
}
