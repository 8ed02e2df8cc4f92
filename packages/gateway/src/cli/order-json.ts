/** An order as the commands tell of it: what is stored, whole. */
import type { StoredCallback } from '../callbacks/callback.ts';
import { isoDate } from '../kernel/clock.ts';
import { blockchainStatus, orderStatus } from '../orders/blockchain-status.ts';
import { formatFiatAmount } from '../orders/fiat.ts';
import type { Order, Payment } from '../orders/order.ts';

export interface OrderSummary {
  readonly uuid: string;
  readonly pos: string;
  readonly amount: string;
  readonly currency: string;
  readonly btc_amount: number;
  readonly address: string;
  readonly status: string;
  readonly blockchain_status: string;
  readonly reference: string | null;
  readonly created_at: string;
  readonly expiration_time: string;
}

export function orderSummary(order: Order, tipHeight: number): OrderSummary {
  const { terms } = order;
  return {
    uuid: terms.id,
    pos: terms.posId,
    amount: formatFiatAmount(terms.fiat),
    currency: terms.fiat.currency,
    btc_amount: Number(terms.amount),
    address: terms.address,
    status: orderStatus(order),
    blockchain_status: blockchainStatus(order, tipHeight),
    reference: terms.reference,
    created_at: isoDate(terms.createdAt),
    expiration_time: isoDate(terms.expiresAt),
  };
}

/** With its terms, the times of its states, its payments where the chain has them, and what was told of it. */
export function orderJson(
  order: Order,
  tipHeight: number,
  callbacks: readonly StoredCallback[],
): OrderSummary & Record<string, unknown> {
  const { terms, state, surplusTold } = order;
  return {
    ...orderSummary(order, tipHeight),
    account: terms.accountId,
    address_index: terms.addressIndex,
    rate: { source: terms.rate.source, value: terms.rate.value, created_at: isoDate(terms.rate.at) },
    required_confirmations: terms.requiredConfirmations,
    details: terms.details,
    callback_url: terms.callbackUrl,
    continue_url: terms.continueUrl,
    cancel_url: terms.cancelUrl,
    surplus_told: Number(surplusTold),
    transitions: transitions(order),
    covered_at: state.status === 'pending' && state.coveredAt !== null ? isoDate(state.coveredAt) : null,
    payments: order.payments.map(paymentJson),
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
  };
}
