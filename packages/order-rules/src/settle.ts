/**
 * Decides the state of an order from the present state of the chain. Takes an order whose payments have their present places, and
 * returns the order to store and the events to send. The caller stores both in one transaction.
 *
 * The rules, with amounts in satoshi. "Confirmed" has the confirmations that the order requires; "seen" is in the mempool, in a block or
 * missing; "enough" is the amount less the tolerance, or what the order had received when it was settled manually:
 *
 *   pending    -> paid          as soon as enough is confirmed                        payment.completed
 *   pending    -> expired       at the expiration time, unless enough was seen by     payment.expired
 *                               then: a covered order expires a settlement timeout after the
 *                               expiration time, or after it was covered if that was later
 *   pending    -> cancelled     by `cancel`, never by the chain                       payment.cancelled
 *   paid       -> disputed      when no longer enough is confirmed                    payment.dispute.start
 *   disputed   -> paid          when enough is confirmed again                        payment.dispute.end
 *   disputed   -> charged_back  when it is not, within the chargeback timeout         payment.chargeback
 *
 * `payment.overpaid` follows whenever the order has a surplus (more than its amount if it is paid, anything at all if it ended unpaid)
 * that is new: it includes a confirmed output that no event has counted, or it is larger than any reported before. Only confirmed
 * bitcoin counts, because a merchant may refund it on this event.
 *
 * The function is level-triggered: a second call changes nothing. If several steps are due (covered and confirmed, or disputed and
 * charged back), one call takes them all.
 */
import { isConfirmed } from './confirmations.ts';
import type { Order, OrderState, OrderTerms, Payment } from './order.ts';
import { acceptedManually, isCovered, requiredAmount } from './required-amount.ts';
import { beyond, zero } from './sats.ts';
import { tally, type Tally } from './tally.ts';

/** The time and the chain height at which an order is settled. */
export interface SettleAt<Time extends number = number> {
  readonly tipHeight: number;
  readonly now: Time;
  /**
   * The time up to which the chain has been read. Deadlines are compared with this and not with `now`: while the node is unavailable,
   * nobody knows whether the buyer has paid, so nothing expires.
   */
  readonly chainReadAt: Time;
}

/** The events that report a change of an order. */
export type OrderEvent =
  | 'payment.completed'
  | 'payment.overpaid'
  | 'payment.cancelled'
  | 'payment.expired'
  | 'payment.dispute.start'
  | 'payment.dispute.end'
  | 'payment.chargeback';

export interface Settled<Settleable extends Order = Order> {
  readonly order: Settleable;
  /** In the order in which to send them. */
  readonly events: readonly OrderEvent[];
}

/** Moves an order to the state that its payments and deadlines call for. */
export function settle<Settleable extends Order>(order: Settleable, at: SettleAt): Settled<Settleable> {
  const sums = tally(order, at.tipHeight);
  const events: OrderEvent[] = [];
  let settled = order;
  for (let step = nextStep(settled, sums, at); step !== undefined; step = nextStep(settled, sums, at)) {
    settled = { ...settled, state: step.state };
    if (step.event !== undefined) events.push(step.event);
  }
  return reportSurplus(settled, sums, at, events);
}

/** Cancels a pending order. Returns undefined if the order is no longer pending. */
export function cancel<Settleable extends Order>(order: Settleable, at: SettleAt): Settled<Settleable> | undefined {
  const settled = settle(order, at);
  if (settled.order.state.status !== 'pending') return undefined;
  const cancelled: Settleable = { ...settled.order, state: { status: 'cancelled', cancelledAt: at.now } };
  return reportSurplus(cancelled, tally(cancelled, at.tipHeight), at, ['payment.cancelled']);
}

interface Step {
  readonly state: OrderState;
  readonly event?: OrderEvent;
}

/** Returns the next step that is due; undefined if the state is right. */
function nextStep(order: Pick<Order, 'state' | 'terms'>, sums: Tally, at: SettleAt): Step | undefined {
  const { state, terms } = order;
  switch (state.status) {
    case 'pending':
      return stepFromPending(state, terms, sums, at);
    case 'paid':
      if (isCovered(order, sums)) return undefined;
      return { state: { ...state, status: 'disputed', disputedAt: at.now }, event: 'payment.dispute.start' };
    case 'disputed': {
      const { paidAt, disputedAt, byHand } = state;
      if (isCovered(order, sums))
        return { state: { status: 'paid', paidAt, ...(byHand && { byHand }) }, event: 'payment.dispute.end' };
      if (at.chainReadAt < disputedAt + terms.chargebackTimeoutMs) return undefined;
      return { state: { status: 'charged_back', paidAt, disputedAt, chargedBackAt: at.now }, event: 'payment.chargeback' };
    }
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
  if (isCovered({ state, terms }, sums)) return { state: { status: 'paid', paidAt: at.now }, event: 'payment.completed' };
  // An order that is still pending when enough is first seen counts as covered in time: only an unavailable node can have kept it
  // pending beyond its expiration, and the buyer must not pay for that.
  if (state.coveredAt === null && sums.seen >= requiredAmount({ state, terms }).seen)
    return { state: { status: 'pending', coveredAt: at.now } };
  if (at.chainReadAt < pendingDeadline(state, terms)) return undefined;
  return { state: { status: 'expired', expiredAt: at.now, coveredAt: state.coveredAt }, event: 'payment.expired' };
}

/**
 * When a pending order expires: at its expiration time, or a settlement timeout later if it is covered. If it was covered only after the
 * expiration time, because the node was unavailable, the settlement timeout starts then.
 */
function pendingDeadline(state: OrderState & { status: 'pending' }, terms: OrderTerms): number {
  if (state.coveredAt === null) return terms.expiresAt;
  return Math.max(state.coveredAt, terms.expiresAt) + terms.settlementTimeoutMs;
}

/** When the order changes its state without a new payment; undefined if it does not. */
export function nextDeadline({ state, terms }: Pick<Order, 'state' | 'terms'>): number | undefined {
  if (state.status === 'pending') return pendingDeadline(state, terms);
  if (state.status === 'disputed') return state.disputedAt + terms.chargebackTimeoutMs;
  return undefined;
}

/** Appends `payment.overpaid` to the events if the order has a new surplus. */
export function reportSurplus<Settleable extends Order>(
  order: Settleable,
  sums: Tally,
  at: SettleAt,
  events: readonly OrderEvent[],
): Settled<Settleable> {
  if (order.state.status === 'pending' || order.state.status === 'disputed') return { order, events };
  const isNew = (payment: Payment): boolean =>
    !payment.counted && isConfirmed(payment, order.terms.requiredConfirmations, at.tipHeight);
  const extra = surplus(order, sums);
  // A chargeback reports what has arrived, although `payment.completed` counted it: now the merchant may owe it back. A payment that was
  // reverted, was made up for by another and then came back is counted as well, but its surplus was never reported.
  const hasNews = order.payments.some(isNew) || events.includes('payment.chargeback') || extra > order.surplusReported;
  if (!hasNews) return { order, events };
  const payments = order.payments.map((payment) => (isNew(payment) ? { ...payment, counted: true } : payment));
  if (extra === 0n) return { order: { ...order, payments }, events };
  const surplusReported = extra > order.surplusReported ? extra : order.surplusReported;
  return { order: { ...order, payments, surplusReported }, events: [...events, 'payment.overpaid'] };
}

/**
 * Returns the confirmed bitcoin that an order may not keep, in satoshi: what exceeds its amount if it is paid; all of it if it ended
 * unpaid, or if it was settled manually with nothing received, because then it was paid in some other way.
 */
export function surplus<Amount extends bigint>(
  { state, terms }: Pick<Order<Amount>, 'state' | 'terms'>,
  { confirmed }: Pick<Tally<Amount>, 'confirmed'>,
): Amount {
  if (state.status === 'pending' || state.status === 'disputed') return zero();
  const mayKeep = state.status === 'paid' && acceptedManually(state)?.seen !== 0n ? terms.amount : zero<Amount>();
  return beyond(confirmed, mayKeep);
}
