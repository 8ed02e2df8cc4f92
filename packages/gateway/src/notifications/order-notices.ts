/**
 * The notices of an order that has been settled. An event is reported with each time that it happens. That an order needs attention is
 * a state, in which the order may be judged many times: its notice has an id made of the order, the reason and the amount, so that it is
 * stored once for each.
 */
import type { EpochMs } from '../kernel/clock.ts';
import type { NewUuid } from '../kernel/ids.ts';
import type { Attention } from '../orders/attention.ts';
import type { Order } from '../orders/order.ts';
import { surplus, tally, type OrderEvent } from '../orders/rules.ts';
import type { AttentionReason, Notice, NoticeFacts } from './notice.ts';

export interface SettledOrder {
  readonly order: Order;
  readonly events: readonly OrderEvent[];
  readonly attention: Attention | undefined;
  readonly tipHeight: number;
}

export function orderNotices(settled: SettledOrder, at: EpochMs, newUuid: NewUuid): Notice[] {
  const { order, events, attention, tipHeight } = settled;
  const { id: orderId, posId } = order.terms;
  const sums = tally(order, tipHeight);
  const notice = (id: string, facts: NoticeFacts): Notice => ({ id, at, posId, personId: null, facts });
  const needsAttention = (id: string, reason: AttentionReason, amount: bigint): Notice =>
    notice(id, { kind: 'order.attention', orderId, reason, sats: amount.toString() });
  const notices: Notice[] = [];
  if (events.includes('payment.completed'))
    notices.push(notice(newUuid(), { kind: 'order.paid', orderId, sats: sums.seen.toString() }));
  if (events.includes('payment.dispute.start')) notices.push(needsAttention(newUuid(), 'disputed', sums.seen));
  if (events.includes('payment.chargeback')) notices.push(needsAttention(newUuid(), 'charged_back', sums.seen));
  if (attention === undefined || attention === 'disputed') return notices;
  // What is left of a reversed payment is part of that notice.
  if (attention === 'late' && order.state.status === 'charged_back' && events.includes('payment.chargeback')) return notices;
  const amount = attention === 'surplus' ? surplus(order, sums) : sums.seen;
  notices.push(needsAttention(`${orderId} ${attention} ${amount}`, attention, amount));
  return notices;
}
