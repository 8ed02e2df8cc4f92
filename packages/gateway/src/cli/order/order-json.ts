/** An order as the commands tell of it: what is stored, whole. */
import type { StoredCallback } from '../../callbacks/callback.ts';
import { isoDate } from '../../kernel/clock.ts';
import { attention } from '../../orders/attention.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import type { Order, Payment } from '../../orders/order.ts';
import { acceptedManually, blockchainStatus, orderStatus, surplus, tally } from '../../orders/rules.ts';
import type { HistoryEntry } from '../../store/ports/order-history-store.ts';

export interface OrderSummary {
  readonly uuid: string;
  readonly pos: string;
  readonly amount: string;
  readonly currency: string;
  readonly btc_amount: number;
  /** What has been seen of its bitcoin, in satoshi. */
  readonly received: number;
  /** What of it is confirmed and more than the order may keep. */
  readonly surplus: number;
  readonly address: string;
  readonly status: string;
  readonly blockchain_status: string;
  /** Why a person has to look at it. */
  readonly attention: string | null;
  readonly reference: string | null;
  readonly created_at: string;
  readonly expiration_time: string;
}

export function orderSummary(order: Order, tipHeight: number): OrderSummary {
  const { terms } = order;
  const sums = tally(order, tipHeight);
  return {
    uuid: terms.id,
    pos: terms.posId,
    amount: formatFiatAmount(terms.fiat),
    currency: terms.fiat.currency,
    btc_amount: Number(terms.amount),
    received: Number(sums.seen),
    surplus: Number(surplus(order, sums)),
    address: terms.address,
    status: orderStatus(order),
    blockchain_status: blockchainStatus(order, tipHeight),
    attention: attention(order, tipHeight) ?? null,
    reference: terms.reference,
    created_at: isoDate(terms.createdAt),
    expiration_time: isoDate(terms.expiresAt),
  };
}

/** With its terms, the times of its states, its payments where the chain has them, and the events reported about it. */
export function orderJson(
  order: Order,
  tipHeight: number,
  callbacks: readonly StoredCallback[],
  history: readonly HistoryEntry[],
): OrderSummary & Record<string, unknown> {
  const { terms, state, surplusReported } = order;
  return {
    ...orderSummary(order, tipHeight),
    account: terms.accountId,
    address_index: terms.addressIndex,
    rate: { source: terms.rate.source, value: terms.rate.value, created_at: isoDate(terms.rate.at) },
    required_confirmations: terms.requiredConfirmations,
    tolerance: Number(terms.tolerance),
    details: terms.details,
    callback_url: terms.callbackUrl,
    continue_url: terms.continueUrl,
    cancel_url: terms.cancelUrl,
    surplus_reported: Number(surplusReported),
    transitions: transitions(order),
    covered_at: 'coveredAt' in state && state.coveredAt !== null ? isoDate(state.coveredAt) : null,
    payments: order.payments.map(paymentJson),
    settled_by_hand: manualDecisionJson(order),
    history: history.map(historyJson),
    events: callbacks.map(({ id, event, createdAt, attempts, delivery }) => ({
      callback: id,
      event,
      created_at: isoDate(createdAt),
      delivery: delivery.status,
      attempts,
    })),
  };
}

/** The states that the order is known to have come through, with their times. */
function transitions({ terms, state }: Order): readonly { readonly status: string; readonly at: string }[] {
  const steps = [{ status: 'pending', at: isoDate(terms.createdAt) }];
  const add = (status: string, at: Parameters<typeof isoDate>[0]): void => void steps.push({ status, at: isoDate(at) });
  if ('paidAt' in state) add('paid', state.paidAt);
  if ('disputedAt' in state) add('network_dispute', state.disputedAt);
  if (state.status === 'charged_back') add('chargeback', state.chargedBackAt);
  if (state.status === 'expired') add('expired', state.expiredAt);
  if (state.status === 'cancelled') add('cancelled', state.cancelledAt);
  return steps;
}

/** What the order must keep since the merchant settled it by hand, in satoshi; null where he has not. */
function manualDecisionJson({ state }: Order): Record<string, number> | null {
  const byHand = acceptedManually(state);
  return byHand === undefined ? null : { seen: Number(byHand.seen), confirmed: Number(byHand.deep) };
}

/** A decision by hand. */
export function historyJson({ at, actor, action, reason, before, after, received }: HistoryEntry): Record<string, unknown> {
  return {
    at: isoDate(at),
    actor,
    action,
    reason,
    before: wireStatus(before),
    after: wireStatus(after),
    received: Number(received),
  };
}

/** The states in the words of the contract. */
function wireStatus(status: HistoryEntry['before']): string {
  return status === 'disputed' ? 'network_dispute' : status === 'charged_back' ? 'chargeback' : status;
}

function paymentJson({ outPoint, amount, firstSeenAt, place, counted }: Payment): Record<string, unknown> {
  return {
    txid: outPoint.txid,
    vout: outPoint.vout,
    amount: Number(amount),
    first_seen_at: isoDate(firstSeenAt),
    place: place.kind,
    block_height: place.kind === 'block' ? place.height : null,
    block_hash: place.kind === 'block' ? place.hash : null,
    counted,
    missing_since: place.kind === 'missing' ? isoDate(place.since) : null,
    gone_reason: place.kind === 'gone' ? place.reason.kind : null,
    replaced_by: place.kind === 'gone' && place.reason.kind === 'replaced' ? place.reason.by : null,
  };
}
