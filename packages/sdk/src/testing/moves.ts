/** What can be done to an order of the fake platform; each returns the order as it then is, not yet settled. */
import { cancel, type ChainLimits, MIN_ORDER_SATS, type OrderEvent, possibleEvents, settle, tally } from '@webpos/order-rules';
import type { CallbackEvent } from '../wire/index.ts';
import { at, type FakeOrder, type Moved, placeOf, TIP_HEIGHT } from './fake-order.ts';

/** A test can revert payments of any depth. */
const LIMITS: ChainLimits = { tipHeight: TIP_HEIGHT, maxReorganisationDepth: Infinity };

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

/** The events that can follow from where an order stands. */
export function eventsOf(order: FakeOrder): readonly OrderEvent[] {
  return possibleEvents(order, LIMITS);
}

/** Does what leads to an event; undefined when that event cannot follow from where the order stands. */
export function bringAbout(order: FakeOrder, event: CallbackEvent, nowMs: number): Moved | undefined {
  if (!eventsOf(order).some((possible) => possible === event)) return undefined;
  if (event === 'payment.cancelled') return cancel(order, at(nowMs));
  return settle(caused(order, event, nowMs), at(nowMs));
}

function caused(order: FakeOrder, event: CallbackEvent, nowMs: number): FakeOrder {
  const { state, terms } = order;
  switch (event) {
    case 'payment.expired':
      return { ...order, terms: { ...terms, expiresAt: nowMs, settlementTimeoutMs: 0 } };
    case 'payment.chargeback':
      // Its coins are spent elsewhere, for good.
      return { ...withConfirmations(order, null), terms: { ...terms, chargebackTimeoutMs: 0 } };
    case 'payment.dispute.start':
      // Back to the mempool; an order that requires no confirmation notices only when it is gone from there too.
      return withConfirmations(order, terms.requiredConfirmations === 0 ? null : 0);
    default: {
      const extra = event === 'payment.overpaid' ? MIN_ORDER_SATS : 0n;
      const sats = (extra > 0n && state.status !== 'pending' ? 0n : tally(order, TIP_HEIGHT).unpaid) + extra;
      const paid = sats === 0n ? order : withPayment(order, sats, 0, nowMs);
      return withConfirmations(paid, Math.max(1, terms.requiredConfirmations));
    }
  }
}
