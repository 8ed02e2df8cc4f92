/** The events that a callback can report. `payment.transaction.changed` and the events of refunds are sent only if the POS asks for them. */
export const CALLBACK_EVENTS = [
  'payment.completed',
  'payment.overpaid',
  'payment.cancelled',
  'payment.expired',
  'payment.dispute.start',
  'payment.dispute.end',
  'payment.chargeback',
  'payment.transaction.changed',
  'payment.refund.paid',
  'payment.refund.reverted',
] as const;

/** One of {@link CALLBACK_EVENTS}. */
export type CallbackEvent = (typeof CALLBACK_EVENTS)[number];
