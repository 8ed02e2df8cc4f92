/** An order as the commands print it: everything that is stored about it. */
import type { ListedCallback } from '../../callbacks/callback.ts';
import { isoDate } from '../../kernel/clock.ts';
import { attention } from '../../orders/attention.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import type { Order, Payment } from '../../orders/order.ts';
import { acceptedManually, blockchainStatus, orderStatus, surplus, tally } from '../../orders/rules.ts';
import type { OrderNote } from '../../store/ports/orders/order-note-store.ts';
import type { RequestOfBuyer } from '../../refunds/request-of-buyer.ts';
import type { HistoryEntry } from '../../store/ports/orders/order-history-store.ts';
import type { CheckedOrder } from './shown-address.ts';

export interface OrderSummary {
  readonly uuid: string;
  readonly pos: string;
  readonly amount: string;
  readonly currency: string;
  readonly btc_amount: number;
  /** The satoshi that have been seen. */
  readonly received: number;
  /** The confirmed satoshi beyond what the order may keep. */
  readonly surplus: number;
  /** Null if the stored one is not authentic. */
  readonly address: string | null;
  readonly status: string;
  readonly blockchain_status: string;
  /** Why the order needs attention; null if it does not. */
  readonly attention: string | null;
  readonly reference: string | null;
  readonly created_at: string;
  readonly expiration_time: string;
}

export function orderSummary({ order, address }: CheckedOrder, tipHeight: number): OrderSummary {
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
    address,
    status: orderStatus(order),
    blockchain_status: blockchainStatus(order, tipHeight),
    attention: attention(order, tipHeight) ?? null,
    reference: terms.reference,
    created_at: isoDate(terms.createdAt),
    expiration_time: isoDate(terms.expiresAt),
  };
}

/** Returns the summary with the order's terms, its states with their times, its payments, and the events reported about it. */
export function orderJson(
  checked: CheckedOrder,
  tipHeight: number,
  callbacks: readonly ListedCallback[],
  history: readonly HistoryEntry[],
): OrderSummary & Record<string, unknown> {
  const { order } = checked;
  const { terms, state, surplusReported } = order;
  return {
    ...orderSummary(checked, tipHeight),
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
    settled_manually: manualSettlementJson(order),
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

/** Returns the states that the order is known to have had, with their times. */
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

/** Returns the satoshi that the order must keep since the merchant settled it manually; null if nobody did. */
function manualSettlementJson({ state }: Order): Record<string, number> | null {
  const accepted = acceptedManually(state);
  return accepted === undefined ? null : { seen: Number(accepted.seen), confirmed: Number(accepted.confirmed) };
}

/** Returns a manual decision. */
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

/** Returns the contract's word for a state. */
function wireStatus(status: HistoryEntry['before']): string {
  return status === 'disputed' ? 'network_dispute' : status === 'charged_back' ? 'chargeback' : status;
}

/** Returns a note. */
export function noteJson({ id, at, author, text }: OrderNote): Readonly<Record<string, string>> {
  return { uuid: id, at: isoDate(at), author, text };
}

/** Returns where the buyer asked to be refunded, and when; null if the buyer has not. */
export function refundRequestJson(request: RequestOfBuyer | undefined): Readonly<Record<string, string | boolean>> | null {
  if (request === undefined) return null;
  const { address, requestedAt, isVerified } = request;
  return { address, at: isoDate(requestedAt), verified: isVerified };
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
