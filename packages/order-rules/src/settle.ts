/**
 * Decides where an order stands, from what the chain says now. It takes an order whose payments are placed on the chain, and returns
 * the order as it is to be stored, with the events to send; storing both in one transaction is up to the caller.
 *
 * The rules (amounts in satoshi; "deep" has the confirmations that the order requires, "seen" is in the mempool or in blocks,
 * "enough" is the amount less the tolerance, or what the merchant accepted by hand):
 *
 *   pending    -> paid          as soon as deep is enough                             payment.completed
 *   pending    -> expired       at the expiration time, unless enough was seen by     payment.expired
 *                               then; such an order waits for its settlement timeout, which
 *                               runs from there, or from when it was found covered if later
 *   pending    -> cancelled     by `cancel`, never by the chain                       payment.cancelled
 *   paid       -> disputed      when deep is no longer enough                         payment.dispute.start
 *   disputed   -> paid          when it is enough again                               payment.dispute.end
 *   disputed   -> charged_back  when it is not within the chargeback timeout          payment.chargeback
 *
 * `payment.overpaid` follows whenever the order has more than it may keep (more than the amount when it is paid, anything at all
 * when it ended unpaid) and this is new: an output is deep that no event has counted yet, or the surplus is larger than any reported
 * before. Only deep bitcoin counts, since a merchant may send money back on this event.
 *
 * Level, not edge: a second call changes nothing, and several steps that are due together (covered and deep at once, disputed and
 * charged back at once) are all taken in one call.
 */
import { isConfirmed } from './confirmations.ts';
import type { Order, OrderState, OrderTerms, Payment } from './order.ts';
import { acceptedManually, isCovered, requiredAmount } from './required-amount.ts';
import { beyond, zero } from './sats.ts';
import { tally, type Tally } from './tally.ts';

/** The time and the height that an order is judged by. */
export interface SettleAt<Time extends number = number> {
  readonly tipHeight: number;
  readonly now: Time;
  /**
   * The time up to which the chain has been read. Deadlines are compared with this and not with `now`: while the source of blocks is
   * away nobody can know whether the buyer has paid, so nothing expires.
   */
  readonly chainReadAt: Time;
}

/** The events of an order's state. */
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
  /** In the order in which they are to be sent. */
  readonly events: readonly OrderEvent[];
}

/** Moves an order to where the chain and the clock say it is. */
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

/** Cancels an order that is still pending; undefined for any other, which can no longer be cancelled. */
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

/** The one step that is due, or undefined when the state is what it should be. */
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
  // An order still open when enough is first seen counts as covered in time: only a source that was away could
  // have kept it open beyond its expiration, and the buyer must not pay for that.
  if (state.coveredAt === null && sums.seen >= requiredAmount({ state, terms }).seen)
    return { state: { status: 'pending', coveredAt: at.now } };
  if (at.chainReadAt < pendingDeadline(state, terms)) return undefined;
  return { state: { status: 'expired', expiredAt: at.now, coveredAt: state.coveredAt }, event: 'payment.expired' };
}

/**
 * When a pending order expires: at its expiration time, or a settlement timeout later if its whole amount was seen. A payment that
 * was found only after the expiration, because the source was away, has the whole settlement timeout from then on.
 */
function pendingDeadline(state: OrderState & { status: 'pending' }, terms: OrderTerms): number {
  if (state.coveredAt === null) return terms.expiresAt;
  return Math.max(state.coveredAt, terms.expiresAt) + terms.settlementTimeoutMs;
}

/** When the clock alone will next move an order, or undefined when only the chain can. */
export function nextDeadline({ state, terms }: Pick<Order, 'state' | 'terms'>): number | undefined {
  if (state.status === 'pending') return pendingDeadline(state, terms);
  if (state.status === 'disputed') return state.disputedAt + terms.chargebackTimeoutMs;
  return undefined;
}

/** Adds `payment.overpaid` to events where the order has a surplus that is new. */
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
  // A chargeback reports what did arrive although its completion has counted it: now the merchant may owe it back. And a payment that
  // was lost, made good by another and then came back is counted too, but its surplus was never reported.
  const hasNews = order.payments.some(isNew) || events.includes('payment.chargeback') || extra > order.surplusReported;
  if (!hasNews) return { order, events };
  const payments = order.payments.map((payment) => (isNew(payment) ? { ...payment, counted: true } : payment));
  if (extra === 0n) return { order: { ...order, payments }, events };
  const surplusReported = extra > order.surplusReported ? extra : order.surplusReported;
  return { order: { ...order, payments, surplusReported }, events: [...events, 'payment.overpaid'] };
}

/**
 * What an order has beyond what it may keep: beyond its amount when it is paid; all of it when it ended unpaid, or when the merchant
 * settled it by hand although nothing had come, since it was then paid in some other way.
 */
export function surplus<Amount extends bigint>(
  { state, terms }: Pick<Order<Amount>, 'state' | 'terms'>,
  { deep }: Pick<Tally<Amount>, 'deep'>,
): Amount {
  if (state.status === 'pending' || state.status === 'disputed') return zero();
  const mayKeep = state.status === 'paid' && acceptedManually(state)?.seen !== 0n ? terms.amount : zero<Amount>();
  return beyond(deep, mayKeep);
}
