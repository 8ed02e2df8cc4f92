/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

/** What each event means, for merchants who do not know its name. */
const MEANINGS: Readonly<Record<string, string>> = {
  'payment.completed': 'Paid',
  'payment.overpaid': 'More received than needed',
  'payment.cancelled': 'Cancelled',
  'payment.expired': 'Expired',
  'payment.dispute.start': 'Payment no longer confirmed',
  'payment.dispute.end': 'Payment confirmed again',
  'payment.chargeback': 'Payment did not go through',
  'payment.transaction.changed': 'Transaction changed',
};

/** An event in words, and by its name in the API. */
export function EventName({ event }: { event: string }): VNode {
  const meaning = MEANINGS[event];
  return <>{meaning === undefined ? event : `${meaning} (${event})`}</>;
}
