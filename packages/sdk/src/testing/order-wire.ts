/** An order of the fake platform in the words of the contract: exactly its fields. */
import type {
  CallbackBody,
  CallbackEvent,
  PaidStatus,
  PaymentOrderCreationResponse,
  PaymentOrderRetrieval,
  RateRetrieval,
  Transaction,
} from '../wire/index.ts';
import { blockchainStatus, type FakeOrder, type FakePayment, sumsOf } from './fake-order.ts';
import { formatBitcoin, formatCents, satsToCents } from './money.ts';

/** Where the checkout pages of the fake platform would be. */
const PUBLIC_URL = 'https://webpos.example';
const CURRENCY = 'EUR';
// Of letters that bech32 has; nobody can pay to it.
const BECH32 = 'qpzry9x8gf2tvdw0';

/** The answer to a creation. */
export function creationResponse(order: FakeOrder): PaymentOrderCreationResponse {
  return {
    uuid: order.uuid,
    address: addressOf(order),
    uri: uriOf(order),
    amount: Number(order.sats),
    rate: rateOf(order),
    redirect_url: checkoutUrl(order),
    created_at: isoDate(order.createdAtMs),
    expiration_time: isoDate(order.expiresAtMs),
    expires_in: Math.floor((order.expiresAtMs - order.createdAtMs) / 1000),
    reference: order.reference,
  };
}

/** An order, as reading answers it. */
export function orderRetrieval(order: FakeOrder, nowMs: number): PaymentOrderRetrieval {
  const { state, urls } = order;
  const { seen, deep, unpaid } = sumsOf(order);
  const amount = (sats: bigint): PaidStatus => ({ crypto: Number(sats), fiat: formatCents(satsToCents(sats, order)) });
  return {
    uuid: order.uuid,
    address: addressOf(order),
    uri: uriOf(order),
    amount: formatCents(order.cents),
    btc_amount: Number(order.sats),
    currency: { uuid: '7a3e8b52-6c1d-4f0e-9b2a-5d4c3b2a1f00', name: CURRENCY, type: 'fiat' },
    rate: rateOf(order),
    state: {
      status: state.status,
      blockchain_status: blockchainStatus(order),
      paid: amount(deep),
      in_confirmation: amount(seen - deep),
      unpaid: amount(unpaid),
    },
    transactions: order.payments.map((payment) => transaction(payment, order)),
    required_confirmations: order.requiredConfirmations,
    created_at: isoDate(order.createdAtMs),
    created_by: {
      uuid: '2f9c1d34-8e7b-4a65-b1c0-d9e8f7a6b500',
      name: 'Fake shop',
      type: 'web',
      active: true,
      deposit_account: { uuid: '91b0c2d3-4e5f-4a1b-8c7d-6e5f4a3b2c00', name: 'Fake account', type: 'bitcoin' },
    },
    expiration_time: isoDate(order.expiresAtMs),
    expires_in: Math.max(0, Math.floor((order.expiresAtMs - nowMs) / 1000)),
    resolved_at: dateOrNull('paidAtMs' in state ? state.paidAtMs : 'endedAtMs' in state ? state.endedAtMs : undefined),
    dispute_start_date: dateOrNull('disputedAtMs' in state ? state.disputedAtMs : undefined),
    chargeback_date: dateOrNull(state.status === 'chargeback' ? state.endedAtMs : undefined),
    reference: order.reference,
    details: order.details,
    redirect_url: checkoutUrl(order),
    ...(urls.callback_url === null ? {} : { callback_url: urls.callback_url }),
  };
}

/** The body of a callback. None of its URLs may be null. */
export function callbackBody(event: CallbackEvent, order: FakeOrder, nowMs: number): CallbackBody {
  const checkout = checkoutUrl(order);
  const { callback_url, continue_url, cancel_url } = order.urls;
  return {
    event,
    created_at: isoDate(nowMs),
    object_type: 'payment_order',
    object: {
      ...orderRetrieval(order, nowMs),
      details: order.details,
      redirect_url: checkout,
      callback_url: callback_url ?? checkout,
      continue_url: continue_url ?? checkout,
      cancel_url: cancel_url ?? checkout,
    },
  };
}

/** The checkout page of an order. */
export function checkoutUrl({ uuid }: FakeOrder): string {
  return `${PUBLIC_URL}/checkout/${uuid}`;
}

function transaction({ txid, sats, depth, seenAtMs }: FakePayment, { requiredConfirmations }: FakeOrder): Transaction {
  const status =
    depth === null ? 'reverted' : depth === 0 ? 'mempool' : depth < requiredConfirmations ? 'unconfirmed' : 'confirmed';
  return {
    txid,
    normalized_txid: txid,
    status: status === 'mempool' ? 'unconfirmed' : status,
    blockchain_status: status,
    created_at: isoDate(seenAtMs),
    outs: [{ n: 0, amount: Number(sats) }],
    outs_sum: Number(sats),
  };
}

function addressOf({ uuid }: FakeOrder): string {
  const letters = [...uuid.replaceAll('-', '')].map((digit) => BECH32.charAt(Number.parseInt(digit, 16)));
  return `bcrt1q${letters.join('')}qqqqqq`;
}

function uriOf(order: FakeOrder): string {
  return `bitcoin:${addressOf(order)}?amount=${formatBitcoin(order.sats)}`;
}

function rateOf({ rate, createdAtMs }: FakeOrder): RateRetrieval {
  return { source: 'fake', value: rate, created_at: isoDate(createdAtMs), from: 'BTC', to: CURRENCY };
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}

function dateOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoDate(ms);
}
