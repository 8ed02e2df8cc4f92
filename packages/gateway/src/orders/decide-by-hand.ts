/**
 * Applies the decisions that a merchant makes about an order manually.
 *
 * Settling an order makes it paid with what it has received, which may be nothing (the buyer paid in cash). From then on it requires
 * what was seen and confirmed at that moment: with less of either it is disputed, like any paid order.
 * Refusing a pending order cancels it. An order that has ended or has a surplus keeps its state, and needs no attention until it receives
 * more.
 */
import { ZERO_SATS, type Sats } from '../kernel/sats.ts';
import type { Order } from './order.ts';
import { cancel, type OrderEvent, reportSurplus, type SettleAt, type Settled, surplus, tally } from './rules.ts';

/** A decision to store, or why it is not possible. `why` completes the sentence "the order ...". */
export type Decision = { readonly kind: 'taken'; readonly settled: Settled } | { readonly kind: 'refused'; readonly why: string };

/** Returns which decisions are possible in the present state of an order. */
export function decisionsOf(order: Order, at: SettleAt): { readonly settle: boolean; readonly refuse: boolean } {
  return { settle: settleManually(order, at).kind === 'taken', refuse: refuseManually(order, at).kind === 'taken' };
}

/** Accepts what the order has received as the whole payment. */
export function settleManually(order: Order, at: SettleAt): Decision {
  const { state, terms } = order;
  if (state.status === 'paid') return refused('is paid already');
  const sums = tally(order, at.tipHeight);
  const upToAmount = (sum: Sats): Sats => (sum < terms.amount ? sum : terms.amount);
  const paid: Order = {
    ...order,
    state: {
      status: 'paid',
      paidAt: state.status === 'disputed' ? state.paidAt : at.now,
      byHand: { seen: upToAmount(sums.seen), confirmed: upToAmount(sums.confirmed) },
    },
    // All that an ended order received was surplus. Now only what exceeds its amount is.
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
  const event: OrderEvent = state.status === 'disputed' ? 'payment.dispute.end' : 'payment.completed';
  return { kind: 'taken', settled: reportSurplus(paid, tally(paid, at.tipHeight), at, [event]) };
}

/** Closes an order without accepting what it has received. */
export function refuseManually(order: Order, at: SettleAt): Decision {
  const { seen } = tally(order, at.tipHeight);
  switch (order.state.status) {
    case 'pending': {
      const cancelled = cancel(order, at);
      if (cancelled === undefined) return refused('has just been paid');
      return { kind: 'taken', settled: { ...cancelled, order: { ...cancelled.order, handled: seen } } };
    }
    case 'disputed':
      return refused('is in dispute, and is charged back by itself unless its payment is confirmed again');
    case 'paid':
      if (surplus(order, tally(order, at.tipHeight)) === ZERO_SATS) return refused('is paid and has no surplus');
      break;
    case 'expired':
    case 'cancelled':
    case 'charged_back':
      if (seen === ZERO_SATS) return refused('has ended and has received nothing');
      break;
  }
  if (order.handled >= seen) return refused('was refused already and has received nothing since');
  return { kind: 'taken', settled: { order: { ...order, handled: seen }, events: [] } };
}

function refused(why: string): Decision {
  return { kind: 'refused', why };
}
