/**
 * What the merchant decides by hand, where the chain and the clock decide otherwise or not at all.
 *
 * Settled by hand, an order is paid with what has come, be it nothing (it was paid in cash). What was seen and what was deep at
 * that moment is what it must keep from then on: with less of either it is disputed, as any paid order is.
 * Refused by hand, an open order is cancelled; one that is over, or has more than it asked for, keeps its state, and what has come to
 * it counts as dealt with.
 */
import { ZERO_SATS, type Sats } from '../kernel/sats.ts';
import type { Order } from './order.ts';
import { cancel, type OrderEvent, reportSurplus, type SettleAt, type Settled, surplus, tally } from './rules.ts';

/** A decision as it is to be stored, or why it cannot be taken. */
export type Decision = { readonly kind: 'taken'; readonly settled: Settled } | { readonly kind: 'refused'; readonly why: string };

/** Accepts what has come as the whole payment. */
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
      byHand: { seen: upToAmount(sums.seen), deep: upToAmount(sums.deep) },
    },
    // While it was over, all that had come was surplus; now only what is beyond its amount is.
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
  const event: OrderEvent = state.status === 'disputed' ? 'payment.dispute.end' : 'payment.completed';
  return { kind: 'taken', settled: reportSurplus(paid, tally(paid, at.tipHeight), at, [event]) };
}

/** Closes an order without accepting what has come. */
export function refuseManually(order: Order, at: SettleAt): Decision {
  const { seen } = tally(order, at.tipHeight);
  switch (order.state.status) {
    case 'pending': {
      const cancelled = cancel(order, at);
      if (cancelled === undefined) return refused('has just been paid');
      return { kind: 'taken', settled: { ...cancelled, order: { ...cancelled.order, handled: seen } } };
    }
    case 'disputed':
      return refused('is in dispute: unless its bitcoin comes back it is charged back by itself');
    case 'paid':
      if (surplus(order, tally(order, at.tipHeight)) === ZERO_SATS) return refused('is paid, and has no more than it asked for');
      break;
    case 'expired':
    case 'cancelled':
    case 'charged_back':
      if (seen === ZERO_SATS) return refused('is over, and nothing has come to it');
      break;
  }
  if (order.handled >= seen) return refused('was refused already, and nothing has come to it since');
  return { kind: 'taken', settled: { order: { ...order, handled: seen }, events: [] } };
}

function refused(why: string): Decision {
  return { kind: 'refused', why };
}
