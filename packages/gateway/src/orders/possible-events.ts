/** Which events can follow from where an order stands: what the sandbox may be asked to bring about. */
import type { OrderState } from './order.ts';
import type { OrderEvent } from './settle.ts';

export function possibleEvents({ status }: OrderState): readonly OrderEvent[] {
  switch (status) {
    case 'pending':
      return ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired'];
    case 'paid':
      return ['payment.overpaid', 'payment.dispute.start'];
    case 'disputed':
      return ['payment.dispute.end', 'payment.chargeback'];
    case 'expired':
    case 'cancelled':
    case 'charged_back':
      return ['payment.overpaid'];
  }
}
