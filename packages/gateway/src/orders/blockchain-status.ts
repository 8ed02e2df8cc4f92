/** The eleven words of the contract for where an order stands on the chain. */
import type { BlockchainStatus, OrderStatus } from '@webpos/sdk/wire';
import type { Order } from './order.ts';
import { tally } from './tally.ts';

/** What the chain says of an order. */
export function blockchainStatus(order: Order, tipHeight: number): BlockchainStatus {
  const { terms, state } = order;
  const sums = tally(order, tipHeight);
  switch (state.status) {
    case 'pending':
      if (sums.seen === 0n) return 'pending';
      if (sums.seen < terms.amount) return 'partial';
      return sums.inBlocks < terms.amount ? 'mempool_unconfirmed' : 'unconfirmed';
    case 'disputed':
      if (sums.seen < terms.amount) return 'possible_chargeback';
      return sums.inBlocks < terms.amount ? 'mempool_network_dispute' : 'network_dispute';
    case 'charged_back':
      return 'chargeback';
    case 'paid':
    case 'expired':
    case 'cancelled':
      return state.status;
  }
}

/** The six words of the contract for what a shop needs to know of an order. */
export function orderStatus(order: Pick<Order, 'state'>): OrderStatus {
  switch (order.state.status) {
    case 'disputed':
      return 'network_dispute';
    case 'charged_back':
      return 'chargeback';
    case 'pending':
    case 'paid':
    case 'expired':
    case 'cancelled':
      return order.state.status;
  }
}
