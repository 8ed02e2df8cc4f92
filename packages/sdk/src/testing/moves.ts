/** What can be done to an order of the fake platform; each answers the order as it then is, not yet settled. */
import type { CallbackEvent } from '../wire/index.ts';
import { cancel, type FakeOrder, type Moved, settle, sumsOf } from './fake-order.ts';

/** Less than this no order can ask for, and a test of too much pays it on top. In satoshi. */
const LEAST_SATS = 600n;

/** Adds a payment. */
export function withPayment(order: FakeOrder, sats: bigint, depth: number, nowMs: number): FakeOrder {
  const txid = `${order.uuid.replaceAll('-', '')}${(order.payments.length + 1).toString(16).padStart(32, '0')}`;
  return { ...order, payments: [...order.payments, { txid, sats, depth, seenAtMs: nowMs, counted: false }] };
}

/** Sets how deep all payments are; null reverts them. What was reverted stays so. */
export function withDepth(order: FakeOrder, depth: number | null): FakeOrder {
  const payments = order.payments.map((payment) => (payment.depth === null ? payment : { ...payment, depth }));
  return { ...order, payments };
}

/** The events that can follow from where an order stands. */
export function possibleEvents({ state }: FakeOrder): readonly CallbackEvent[] {
  switch (state.status) {
    case 'pending':
      return ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired'];
    case 'paid':
      return ['payment.overpaid', 'payment.dispute.start'];
    case 'network_dispute':
      return ['payment.dispute.end', 'payment.chargeback'];
    case 'chargeback':
    case 'cancelled':
    case 'expired':
      return ['payment.overpaid'];
  }
}

/** Does what leads to an event; undefined when that event cannot follow from where the order stands. */
export function bringAbout(order: FakeOrder, event: CallbackEvent, nowMs: number): Moved | undefined {
  if (!possibleEvents(order).includes(event)) return undefined;
  if (event === 'payment.cancelled') return cancel(order, nowMs);
  return settle(caused(order, event, nowMs), nowMs);
}

function caused(order: FakeOrder, event: CallbackEvent, nowMs: number): FakeOrder {
  const { unpaid } = sumsOf(order);
  switch (event) {
    case 'payment.expired':
      return { ...order, expiresAtMs: nowMs, settlementMs: 0 };
    case 'payment.chargeback':
      // Its coins are spent elsewhere, for good.
      return { ...withDepth(order, null), chargebackMs: 0 };
    case 'payment.dispute.start':
      // Back to the mempool; who asks for no confirmation notices only when it is gone from there too.
      return withDepth(order, order.requiredConfirmations === 0 ? null : 0);
    default: {
      const extra = event === 'payment.overpaid' ? LEAST_SATS : 0n;
      const sats = (extra > 0n && order.state.status !== 'pending' ? 0n : unpaid) + extra;
      return withDepth(sats === 0n ? order : withPayment(order, sats, 0, nowMs), Math.max(1, order.requiredConfirmations));
    }
  }
}
