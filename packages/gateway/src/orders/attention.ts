/**
 * Why a person has to look at an order: bitcoin has come that the order cannot keep, or that is not enough, or may be lost. What the
 * merchant has dealt with by hand needs nobody until more comes.
 */
import { hasLatePayment } from './has-late-payment.ts';
import type { Order } from './order.ts';
import { requiredAmount, surplus, tally } from './rules.ts';

export type Attention =
  /** Bitcoin on an order that is over. */
  | 'late'
  /** It expired with a part of its amount. */
  | 'partial'
  /** It is paid, and has more than it asked for. */
  | 'surplus'
  /** It is paid, and may lose that again. */
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
      return sums.deep > handled && surplus(order, sums) > 0n ? 'surplus' : undefined;
    case 'expired':
      if (sums.seen === 0n || sums.seen <= handled) return undefined;
      return sums.seen < requiredAmount(order).seen && !hasLatePayment(order) ? 'partial' : 'late';
    case 'cancelled':
    case 'charged_back':
      return sums.seen > handled ? 'late' : undefined;
  }
}
