/** Changes to an order of the fake platform; each returns the changed order, not yet settled. */
import { cancel, MIN_ORDER_SATS, type OrderEvent, possibleEvents, settle, tally } from '@webpos/order-rules';
import type { CallbackEvent } from '../wire/index.ts';
import { at, type FakeOrder, type Moved, placeOf, TIP_HEIGHT } from './fake-order.ts';

/** Adds a payment. */
export function withPayment(order: FakeOrder, amount: bigint, confirmations: number, nowMs: number): FakeOrder {
  const txid = `${order.uuid.replaceAll('-', '')}${(order.payments.length + 1).toString(16).padStart(32, '0')}`;
  const payment = { txid, amount, place: placeOf(confirmations), seenAtMs: nowMs, counted: false };
  return { ...order, payments: [...order.payments, payment] };
}

/** Sets the confirmations of all payments; null reverts them. A reverted payment stays reverted. */
export function withConfirmations(order: FakeOrder, confirmations: number | null): FakeOrder {
  const place = placeOf(confirmations);
  const payments = order.payments.map((payment) => (payment.place.kind === 'gone' ? payment : { ...payment, place }));
  return { ...order, payments };
}

/** Returns the events that can follow from an order's state. */
export function eventsOf(order: FakeOrder): readonly OrderEvent[] {
  // A test can revert payments with any number of confirmations.
  return possibleEvents(order, TIP_HEIGHT, true);
}

/** Changes an order so that an event follows; undefined if the event cannot follow from its state. */
export function triggerEvent(order: FakeOrder, event: CallbackEvent, nowMs: number): Moved | undefined {
  if (!eventsOf(order).includes(event as OrderEvent)) return undefined;
  if (event === 'payment.cancelled') return cancel(order, at(nowMs));
  return settle(withCause(order, event, nowMs), at(nowMs));
}

function withCause(order: FakeOrder, event: CallbackEvent, nowMs: number): FakeOrder {
  const { state, terms } = order;
  switch (event) {
    case 'payment.expired':
      return { ...order, terms: { ...terms, expiresAt: nowMs, settlementTimeoutMs: 0 } };
    case 'payment.chargeback':
      // Reverts its payments for good.
      return { ...withConfirmations(order, null), terms: { ...terms, chargebackTimeoutMs: 0 } };
    case 'payment.dispute.start':
      // Moves its payments to the mempool. An order that requires no confirmations enters a dispute only if they are reverted.
      return withConfirmations(order, terms.requiredConfirmations === 0 ? null : 0);
    default: {
      const extra = event === 'payment.overpaid' ? MIN_ORDER_SATS : 0n;
      const sats = (extra > 0n && state.status !== 'pending' ? 0n : tally(order, TIP_HEIGHT).unpaid) + extra;
      const paid = sats === 0n ? order : withPayment(order, sats, 0, nowMs);
      return withConfirmations(paid, Math.max(1, terms.requiredConfirmations));
    }
  }
}
