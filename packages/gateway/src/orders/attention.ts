/**
 * Decides whether an order needs the merchant's attention: it has received bitcoin that it may not keep, that is not enough, or that may
 * be lost. An order that the merchant refused needs none until it receives more.
 */
import { hasLatePayment } from './late-payments.ts';
import type { Order } from './order.ts';
import { requiredAmount, surplus, tally } from './rules.ts';

export type Attention =
  /** The order has ended and has received bitcoin. */
  | 'late'
  /** The order expired with a part of its amount. */
  | 'partial'
  /** The order is paid and has received more than its amount. */
  | 'surplus'
  /** The order was paid and may lose its payment. */
  | 'disputed';

export function attention(order: Order, tipHeight: number): Attention | undefined {
  const { state, handled } = order;
  const sums = tally(order, tipHeight);
  switch (state.status) {
    case 'pending':
      return undefined;
    case 'disputed':
      return 'disputed';
    case 'paid':
      return sums.confirmed > handled && surplus(order, sums) > 0n ? 'surplus' : undefined;
    case 'expired':
      if (sums.seen === 0n || sums.seen <= handled) return undefined;
      return sums.seen < requiredAmount(order).seen && !hasLatePayment(order) ? 'partial' : 'late';
    case 'cancelled':
    case 'charged_back':
      return sums.seen > handled ? 'late' : undefined;
  }
}
