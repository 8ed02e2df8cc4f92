/** An order of the fake platform as the contract's JSON, with exactly its fields. */
import { blockchainStatus, orderStatus, type PaidPart, paidParts, resolvedAt, transactionStatus } from '@webpos/order-rules';
import type {
  CallbackBody,
  CallbackEvent,
  PaidStatus,
  PaymentOrderCreationResponse,
  PaymentOrderRetrieval,
  RateRetrieval,
  Transaction,
} from '../wire/index.ts';
import { type FakeOrder, type FakePayment, TIP_HEIGHT } from './fake-order.ts';
import { formatBitcoin, formatCents } from './money.ts';

/** The base URL of the imaginary checkout pages. */
const PUBLIC_URL = 'https://webpos.example';
const CURRENCY = 'EUR';
// Sixteen letters of bech32. The addresses are invalid, so nobody can pay to them.
const BECH32 = 'qpzry9x8gf2tvdw0';

/** Makes the answer to a creation. */
export function creationResponse(order: FakeOrder): PaymentOrderCreationResponse {
  return {
    uuid: order.uuid,
    address: addressOf(order),
    uri: uriOf(order),
    amount: Number(order.terms.amount),
    rate: rateOf(order),
    redirect_url: checkoutUrl(order),
    created_at: isoDate(order.createdAtMs),
    expiration_time: isoDate(order.terms.expiresAt),
    expires_in: Math.floor((order.terms.expiresAt - order.createdAtMs) / 1000),
    reference: order.reference,
  };
}

/** Makes the answer to a read. */
export function orderRetrieval(order: FakeOrder, nowMs: number): PaymentOrderRetrieval {
  const { state, urls } = order;
  const { paid, inConfirmation, unpaid } = paidParts(order, TIP_HEIGHT);
  const part = ({ crypto, fiat }: PaidPart): PaidStatus => ({ crypto: Number(crypto), fiat: formatCents(fiat) });
  return {
    uuid: order.uuid,
    address: addressOf(order),
    uri: uriOf(order),
    amount: formatCents(order.terms.fiat.minorUnits),
    btc_amount: Number(order.terms.amount),
    currency: { uuid: '00000000-0000-4000-8000-000000000001', name: CURRENCY, type: 'fiat' },
    rate: rateOf(order),
    state: {
      status: orderStatus(order),
      blockchain_status: blockchainStatus(order, TIP_HEIGHT),
      paid: part(paid),
      in_confirmation: part(inConfirmation),
      unpaid: part(unpaid),
    },
    transactions: order.payments.map((payment) => transaction(payment, order)),
    required_confirmations: order.terms.requiredConfirmations,
    created_at: isoDate(order.createdAtMs),
    created_by: {
      uuid: '00000000-0000-4000-8000-000000000002',
      name: 'Fake shop',
      type: 'web',
      active: true,
      deposit_account: { uuid: '00000000-0000-4000-8000-000000000003', name: 'Fake account', type: 'bitcoin' },
    },
    expiration_time: isoDate(order.terms.expiresAt),
    expires_in: Math.max(0, Math.floor((order.terms.expiresAt - nowMs) / 1000)),
    resolved_at: dateOrNull(resolvedAt(state)),
    dispute_start_date: dateOrNull('disputedAt' in state ? state.disputedAt : undefined),
    chargeback_date: dateOrNull('chargedBackAt' in state ? state.chargedBackAt : undefined),
    reference: order.reference,
    details: order.details,
    redirect_url: checkoutUrl(order),
    ...(urls.callback_url === null ? {} : { callback_url: urls.callback_url }),
  };
}

/** Makes the body of a callback. None of its URLs may be null. */
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

/** Returns the URL of an order's checkout page. */
export function checkoutUrl({ uuid }: FakeOrder): string {
  return `${PUBLIC_URL}/checkout/${uuid}`;
}

function transaction(payment: FakePayment, { terms }: FakeOrder): Transaction {
  const { txid, amount, seenAtMs } = payment;
  const status = transactionStatus(payment, terms.requiredConfirmations, TIP_HEIGHT);
  return {
    txid,
    normalized_txid: txid,
    status: status === 'mempool' ? 'unconfirmed' : status,
    blockchain_status: status,
    created_at: isoDate(seenAtMs),
    outs: [{ n: 0, amount: Number(amount) }],
    outs_sum: Number(amount),
  };
}

function addressOf({ uuid }: FakeOrder): string {
  const letters = [...uuid.replaceAll('-', '')].map((digit) => BECH32.charAt(Number.parseInt(digit, 16)));
  return `bcrt1q${letters.join('')}qqqqqq`;
}

function uriOf(order: FakeOrder): string {
  return `bitcoin:${addressOf(order)}?amount=${formatBitcoin(order.terms.amount)}`;
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
