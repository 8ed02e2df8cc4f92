/**
 * Decides where an order stands, from what the chain says now. It is given the order with its payments placed on the
 * chain, and answers the order as it is to be stored and the events to be told of; storing both at once is the caller's.
 *
 * The rules, in words (amounts in satoshi; "deep" is as deep as the order asks for, "seen" is in the mempool or in blocks):
 *
 *   pending    -> paid          as soon as deep covers the amount                    payment.completed
 *   pending    -> expired       at the expiration time, unless all was seen by then;  payment.expired
 *                               an order that was, waits out its settlement timeout, which
 *                               runs from there, or from when it was found covered if later
 *   pending    -> cancelled     by `cancel`, never by the chain                       payment.cancelled
 *   paid       -> disputed      when deep no longer covers the amount                 payment.dispute.start
 *   disputed   -> paid          when it does again                                    payment.dispute.end
 *   disputed   -> charged_back  when it has not within the chargeback timeout         payment.chargeback
 *
 * `payment.overpaid` is told beside or after these, whenever the order has more than it may keep (more than the amount
 * when it is paid, anything at all when it ended unpaid) and that is news: an output is deep that no event has counted
 * yet, or the surplus is larger than any told before. Only deep bitcoin counts, since a merchant may send money back on
 * this event.
 *
 * Level, not edge: calling it twice changes nothing the second time, and several steps that became due together
 * (covered and deep at once, disputed and charged back at once) are all taken in one call.
 */
import { ZERO_SATS, satsBeyond, type Sats } from '../kernel/sats.ts';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import type { Order, OrderState, OrderTerms, Payment } from './order.ts';
import { isDeep, tally, type Tally } from './tally.ts';

/** What the settling is judged by. */
export interface SettleAt {
  readonly tipHeight: number;
  readonly now: EpochMs;
  /**
   * Up to when the chain has been read. Deadlines are judged by this, not by `now`: while the source is away nobody
   * can know whether the buyer has paid, so nothing expires.
   */
  readonly chainReadAt: EpochMs;
}

/** What settling tells the merchant. */
export type OrderEvent =
  | 'payment.completed'
  | 'payment.overpaid'
  | 'payment.cancelled'
  | 'payment.expired'
  | 'payment.dispute.start'
  | 'payment.dispute.end'
  | 'payment.chargeback';

export interface Settled {
  readonly order: Order;
  /** In the order in which they are to be told. */
  readonly events: readonly OrderEvent[];
}

/** Moves an order to where the chain and the clock say it is. */
export function settle(order: Order, at: SettleAt): Settled {
  const sums = tally(order, at.tipHeight);
  const events: OrderEvent[] = [];
  let state = order.state;
  for (let step = nextStep(state, order.terms, sums, at); step !== undefined; step = nextStep(state, order.terms, sums, at)) {
    state = step.state;
    if (step.event !== undefined) events.push(step.event);
  }
  return tellOfSurplus({ ...order, state }, sums, at, events);
}

/** Cancels an order that is still pending; answers undefined for any other, which can no longer be cancelled. */
export function cancel(order: Order, at: SettleAt): Settled | undefined {
  const settled = settle(order, at);
  if (settled.order.state.status !== 'pending') return undefined;
  const cancelled: Order = { ...settled.order, state: { status: 'cancelled', cancelledAt: at.now } };
  return tellOfSurplus(cancelled, tally(cancelled, at.tipHeight), at, ['payment.cancelled']);
}

interface Step {
  readonly state: OrderState;
  readonly event?: OrderEvent;
}

/** The one step that is due, or undefined when the state is what it should be. */
function nextStep(state: OrderState, terms: OrderTerms, sums: Tally, at: SettleAt): Step | undefined {
  switch (state.status) {
    case 'pending':
      return stepFromPending(state, terms, sums, at);
    case 'paid':
      if (sums.deep >= terms.amount) return undefined;
      return { state: { status: 'disputed', paidAt: state.paidAt, disputedAt: at.now }, event: 'payment.dispute.start' };
    case 'disputed':
      if (sums.deep >= terms.amount) return { state: { status: 'paid', paidAt: state.paidAt }, event: 'payment.dispute.end' };
      if (at.chainReadAt < plusMs(state.disputedAt, terms.chargebackTimeoutMs)) return undefined;
      return { state: { ...state, status: 'charged_back', chargedBackAt: at.now }, event: 'payment.chargeback' };
    case 'expired':
    case 'cancelled':
    case 'charged_back':
      return undefined;
  }
}

function stepFromPending(
  state: OrderState & { status: 'pending' },
  terms: OrderTerms,
  sums: Tally,
  at: SettleAt,
): Step | undefined {
  if (sums.deep >= terms.amount) return { state: { status: 'paid', paidAt: at.now }, event: 'payment.completed' };
  // An order still open when its whole amount is first seen counts as covered in time: only a source that was away could
  // have kept it open beyond its expiration, and the buyer must not pay for that.
  if (state.coveredAt === null && sums.seen >= terms.amount) return { state: { status: 'pending', coveredAt: at.now } };
  if (at.chainReadAt < pendingDeadline(state, terms)) return undefined;
  return { state: { status: 'expired', expiredAt: at.now }, event: 'payment.expired' };
}

/**
 * When a pending order expires: at its expiration time, or when it was wholly seen, a settlement timeout later. A payment
 * that was found only after the expiration, because the source was away, has the whole settlement timeout from then on.
 */
function pendingDeadline(state: OrderState & { status: 'pending' }, terms: OrderTerms): EpochMs {
  if (state.coveredAt === null) return terms.expiresAt;
  return plusMs(state.coveredAt > terms.expiresAt ? state.coveredAt : terms.expiresAt, terms.settlementTimeoutMs);
}

/** When the clock alone will next move an order, or undefined when only the chain can. */
export function nextDeadline({ state, terms }: Pick<Order, 'state' | 'terms'>): EpochMs | undefined {
  if (state.status === 'pending') return pendingDeadline(state, terms);
  if (state.status === 'disputed') return plusMs(state.disputedAt, terms.chargebackTimeoutMs);
  return undefined;
}

function tellOfSurplus(order: Order, sums: Tally, at: SettleAt, events: readonly OrderEvent[]): Settled {
  if (order.state.status === 'pending' || order.state.status === 'disputed') return { order, events };
  const isNews = (payment: Payment): boolean =>
    !payment.counted && isDeep(payment, order.terms.requiredConfirmations, at.tipHeight);
  const extra = surplus(order, sums);
  // A charge-back tells of what did arrive although its completion has counted it: now the merchant may owe it back. And a
  // payment that was lost, made good by another and then came back is counted too, but the surplus it makes was never told.
  const isUntold = order.payments.some(isNews) || events.includes('payment.chargeback') || extra > order.surplusTold;
  if (!isUntold) return { order, events };
  const payments = order.payments.map((payment) => (isNews(payment) ? { ...payment, counted: true } : payment));
  if (extra === ZERO_SATS) return { order: { ...order, payments }, events };
  const surplusTold = extra > order.surplusTold ? extra : order.surplusTold;
  return { order: { ...order, payments, surplusTold }, events: [...events, 'payment.overpaid'] };
}

/** What an order has beyond what it may keep: beyond its amount when it is paid, all of it when it ended unpaid. */
export function surplus(order: Pick<Order, 'state' | 'terms'>, sums: Tally): Sats {
  switch (order.state.status) {
    case 'pending':
    case 'disputed':
      return ZERO_SATS;
    case 'paid':
      return satsBeyond(sums.deep, order.terms.amount);
    case 'expired':
    case 'cancelled':
    case 'charged_back':
      return sums.deep;
  }
}
