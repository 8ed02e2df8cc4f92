/** The events that a callback can report. `payment.transaction.changed` is sent only if the POS asks for it. */
export const CALLBACK_EVENTS = [
  'payment.completed',
  'payment.overpaid',
  'payment.cancelled',
  'payment.expired',
  'payment.dispute.start',
  'payment.dispute.end',
  'payment.chargeback',
  'payment.transaction.changed',
] as const;

/** One of {@link CALLBACK_EVENTS}. */
export type CallbackEvent = (typeof CALLBACK_EVENTS)[number];
