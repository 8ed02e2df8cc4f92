/**
 * An order of the fake platform, and the contract's rules for its life. There is no chain: a payment has a depth, which
 * the test sets, and where the order stands follows from the payments and the clock.
 *
 *   pending          -> paid             as soon as what is deep covers it              payment.completed
 *   pending          -> expired          at its time, unless all was seen by then        payment.expired
 *   pending          -> cancelled        by `cancel`                                     payment.cancelled
 *   paid             -> network_dispute  when what is deep no longer covers it           payment.dispute.start
 *   network_dispute  -> paid             when it does again                              payment.dispute.end
 *   network_dispute  -> chargeback       when it has not within the time for that        payment.chargeback
 *
 * `payment.overpaid` comes beside or after these, for deep bitcoin beyond what the order may keep.
 */
import type { BlockchainStatus, CallbackEvent } from '../wire/index.ts';

/** A payment, and how deep it is: 0 in the mempool, null when it was reverted. */
export interface FakePayment {
  txid: string;
  sats: bigint;
  depth: number | null;
  seenAtMs: number;
  /** Whether a `payment.completed` or `payment.overpaid` has told of it. */
  counted: boolean;
}

/** Where an order stands, with when it came there. */
export type FakeState =
  | { status: 'pending'; coveredAtMs: number | undefined }
  | { status: 'paid'; paidAtMs: number }
  | { status: 'network_dispute'; paidAtMs: number; disputedAtMs: number }
  | { status: 'chargeback'; disputedAtMs: number; endedAtMs: number }
  | { status: 'cancelled' | 'expired'; endedAtMs: number };

/** An order; a value, never changed in place. */
export interface FakeOrder {
  uuid: string;
  cents: bigint;
  sats: bigint;
  rate: string;
  requiredConfirmations: number;
  urls: Readonly<Record<'callback_url' | 'continue_url' | 'cancel_url', string | null>>;
  details: string | null;
  reference: string | null;
  createdAtMs: number;
  expiresAtMs: number;
  /** How long after `expiresAtMs` an order waits that was wholly seen by then. */
  settlementMs: number;
  chargebackMs: number;
  payments: readonly FakePayment[];
  state: FakeState;
}

/** An order that has moved, and what is to be told of it. */
export interface Moved {
  order: FakeOrder;
  events: readonly CallbackEvent[];
}

/** What has come in, in satoshi. */
export function sumsOf({
  payments,
  requiredConfirmations,
  sats,
}: FakeOrder): Record<'seen' | 'mined' | 'deep' | 'unpaid', bigint> {
  const from = (least: number): bigint =>
    payments.reduce((sum, { depth, sats: paid }) => (depth !== null && depth >= least ? sum + paid : sum), 0n);
  const seen = from(0);
  return { seen, mined: from(1), deep: from(requiredConfirmations), unpaid: seen < sats ? sats - seen : 0n };
}

/** Moves an order to where its payments and the clock say it is. */
export function settle(order: FakeOrder, nowMs: number): Moved {
  const events: CallbackEvent[] = [];
  let settled = order;
  for (let step = nextStep(settled, nowMs); step !== undefined; step = nextStep(settled, nowMs)) {
    settled = { ...settled, state: step.state };
    if (step.event !== undefined) events.push(step.event);
  }
  return tellOfSurplus(settled, events);
}

/** Cancels an order; undefined when it is no longer pending. */
export function cancel(order: FakeOrder, nowMs: number): Moved | undefined {
  const { order: settled } = settle(order, nowMs);
  if (settled.state.status !== 'pending') return undefined;
  return tellOfSurplus({ ...settled, state: { status: 'cancelled', endedAtMs: nowMs } }, ['payment.cancelled']);
}

/** What the chain says of an order. */
export function blockchainStatus(order: FakeOrder): BlockchainStatus {
  const { status } = order.state;
  const { seen, mined } = sumsOf(order);
  if (status === 'pending') {
    if (seen < order.sats) return seen === 0n ? 'pending' : 'partial';
    return mined < order.sats ? 'mempool_unconfirmed' : 'unconfirmed';
  }
  if (status !== 'network_dispute') return status;
  if (seen < order.sats) return 'possible_chargeback';
  return mined < order.sats ? 'mempool_network_dispute' : 'network_dispute';
}

function nextStep(order: FakeOrder, nowMs: number): { state: FakeState; event?: CallbackEvent } | undefined {
  const { state, sats } = order;
  const { deep, seen } = sumsOf(order);
  const isCovered = deep >= sats;
  if (state.status === 'pending') {
    if (isCovered) return { state: { status: 'paid', paidAtMs: nowMs }, event: 'payment.completed' };
    if (state.coveredAtMs === undefined && seen >= sats) return { state: { status: 'pending', coveredAtMs: nowMs } };
    const endsAtMs = order.expiresAtMs + (state.coveredAtMs === undefined ? 0 : order.settlementMs);
    return nowMs < endsAtMs ? undefined : { state: { status: 'expired', endedAtMs: nowMs }, event: 'payment.expired' };
  }
  if (state.status === 'paid') {
    const disputed: FakeState = { status: 'network_dispute', paidAtMs: state.paidAtMs, disputedAtMs: nowMs };
    return isCovered ? undefined : { state: disputed, event: 'payment.dispute.start' };
  }
  if (state.status !== 'network_dispute') return undefined;
  if (isCovered) return { state: { status: 'paid', paidAtMs: state.paidAtMs }, event: 'payment.dispute.end' };
  if (nowMs < state.disputedAtMs + order.chargebackMs) return undefined;
  return { state: { status: 'chargeback', disputedAtMs: state.disputedAtMs, endedAtMs: nowMs }, event: 'payment.chargeback' };
}

function tellOfSurplus(order: FakeOrder, events: readonly CallbackEvent[]): Moved {
  const { status } = order.state;
  if (status === 'pending' || status === 'network_dispute') return { order, events };
  const isNews = ({ depth, counted }: FakePayment): boolean => !counted && depth !== null && depth >= order.requiredConfirmations;
  // A charge-back tells again of what did arrive: now the merchant may owe it back.
  const hasNews = order.payments.some(isNews) || events.includes('payment.chargeback');
  const payments = order.payments.map((payment) => (isNews(payment) ? { ...payment, counted: true } : payment));
  const isOver = sumsOf(order).deep > (status === 'paid' ? order.sats : 0n);
  return { order: { ...order, payments }, events: hasNews && isOver ? [...events, 'payment.overpaid'] : events };
}
