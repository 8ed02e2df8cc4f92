/** Converts an order to the contract's objects. They have no extra fields: the older client libraries fail on unknown ones. */
import { createHash } from 'node:crypto';
import type {
  CallbackBody,
  CallbackEvent,
  CallbackPaymentOrder,
  PaidStatus,
  PaymentOrderCreationResponse,
  PaymentOrderRetrieval,
  RateRetrieval,
  Transaction,
} from '@webpos/sdk/wire';
import type { Txid } from '../kernel/chain.ts';
import { isoDate, type EpochMs } from '../kernel/clock.ts';
import { sumSats, type Sats } from '../kernel/sats.ts';
import type { FixedAccount } from '../merchants/account.ts';
import type { Pos } from '../merchants/pos.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import { formatFiatAmount } from '../orders/fiat.ts';
import type { Order, Payment } from '../orders/order.ts';
import { paidParts, type PaidPart } from '../orders/paid-parts.ts';
import { blockchainStatus, orderStatus, resolvedAt, transactionStatus } from '../orders/rules.ts';
import { paymentUri } from '../wallet/payment-uri.ts';

/** An order with everything that its JSON depends on. */
export interface OrderInContext {
  readonly order: Order;
  readonly pos: Pos;
  readonly account: FixedAccount;
  readonly tipHeight: number;
  readonly now: EpochMs;
  readonly publicUrl: string;
}

export function orderUri({ order, pos }: Pick<OrderInContext, 'order' | 'pos'>, amount: Sats = order.terms.amount): string {
  return paymentUri({ address: order.terms.address, amount, label: pos.name });
}

function checkoutUrl({ order, publicUrl }: Pick<OrderInContext, 'order' | 'publicUrl'>): string {
  return `${publicUrl}/checkout/${order.terms.id}`;
}

/** Where a buyer goes who does not pay: the shop's cancel URL if it has one, otherwise the checkout page. */
export function cancelUrl(context: Pick<OrderInContext, 'order' | 'publicUrl'>): string {
  return context.order.terms.cancelUrl ?? checkoutUrl(context);
}

export function creationResponse(context: Omit<OrderInContext, 'account' | 'tipHeight'>): PaymentOrderCreationResponse {
  const { terms } = context.order;
  return {
    uuid: terms.id,
    address: terms.address,
    uri: orderUri(context),
    amount: Number(terms.amount),
    rate: rateRetrieval(context.order),
    redirect_url: checkoutUrl(context),
    created_at: isoDate(terms.createdAt),
    expiration_time: isoDate(terms.expiresAt),
    expires_in: expiresInS(context),
    reference: terms.reference,
  };
}

export function orderRetrieval(context: OrderInContext): PaymentOrderRetrieval {
  const { order, pos, account, tipHeight } = context;
  const { terms, state } = order;
  const { paid, inConfirmation, unpaid } = paidParts(order, tipHeight);
  return {
    uuid: terms.id,
    address: terms.address,
    uri: orderUri(context),
    amount: formatFiatAmount(terms.fiat),
    btc_amount: Number(terms.amount),
    currency: { uuid: currencyUuid(terms.fiat.currency), name: terms.fiat.currency, type: 'fiat' },
    rate: rateRetrieval(order),
    state: {
      status: orderStatus(order),
      blockchain_status: blockchainStatus(order, tipHeight),
      paid: paidStatus(paid),
      in_confirmation: paidStatus(inConfirmation),
      unpaid: paidStatus(unpaid),
    },
    transactions: transactions(order, tipHeight),
    required_confirmations: terms.requiredConfirmations,
    created_at: isoDate(terms.createdAt),
    created_by: {
      uuid: pos.id,
      name: pos.name,
      type: pos.type,
      active: pos.active,
      deposit_account: { uuid: account.id, name: account.name, type: 'bitcoin' },
    },
    expiration_time: isoDate(terms.expiresAt),
    expires_in: expiresInS(context),
    resolved_at: dateOrNull(resolvedAt(state)),
    dispute_start_date: dateOrNull('disputedAt' in state ? state.disputedAt : undefined),
    chargeback_date: dateOrNull(state.status === 'charged_back' ? state.chargedBackAt : undefined),
    reference: terms.reference,
    details: terms.details,
    redirect_url: checkoutUrl(context),
    // The older client libraries accept a URL or no field here, but not null.
    ...(terms.callbackUrl === null ? {} : { callback_url: terms.callbackUrl }),
  };
}

/** The body of a callback. None of its URLs may be null, so one that the order does not have is its checkout page. */
export function callbackBody(event: CallbackEvent, context: OrderInContext): CallbackBody {
  const { terms } = context.order;
  const checkout = checkoutUrl(context);
  const object: CallbackPaymentOrder = {
    ...orderRetrieval(context),
    details: terms.details,
    redirect_url: checkout,
    callback_url: terms.callbackUrl ?? checkout,
    continue_url: terms.continueUrl ?? checkout,
    cancel_url: cancelUrl(context),
  };
  return { event, created_at: isoDate(context.now), object_type: 'payment_order', object };
}

function paidStatus({ crypto, fiat }: PaidPart): PaidStatus {
  return { crypto: Number(crypto), fiat: formatFiatAmount(fiat) };
}

function rateRetrieval({ terms }: Order): RateRetrieval {
  return {
    source: terms.rate.source,
    value: terms.rate.value,
    created_at: isoDate(terms.rate.at),
    from: 'BTC',
    to: terms.fiat.currency,
  };
}

/** How long the buyer still has to pay, in whole seconds. */
export function expiresInS({ order, now }: Pick<OrderInContext, 'order' | 'now'>): number {
  return Math.max(0, Math.floor((order.terms.expiresAt - now) / 1000));
}

function transactions(order: Order, tipHeight: number): Transaction[] {
  const byTxid = new Map<Txid, [Payment, ...Payment[]]>();
  for (const payment of order.payments) {
    const others = byTxid.get(payment.outPoint.txid);
    if (others === undefined) byTxid.set(payment.outPoint.txid, [payment]);
    else others.push(payment);
  }
  return [...byTxid].map(([txid, payments]) => {
    const [first] = payments;
    const outs = [...payments].sort((a, b) => a.outPoint.vout - b.outPoint.vout);
    const status = transactionStatus(first, order.terms.requiredConfirmations, tipHeight);
    return {
      txid,
      normalized_txid: first.normalizedTxid,
      status: status === 'mempool' ? 'unconfirmed' : status,
      blockchain_status: status,
      created_at: isoDate(first.firstSeenAt),
      outs: outs.map(({ outPoint, amount }) => ({ n: outPoint.vout, amount: Number(amount) })),
      outs_sum: Number(sumSats(outs.map(({ amount }) => amount))),
    };
  });
}

function dateOrNull(time: EpochMs | undefined): string | null {
  return time === undefined ? null : isoDate(time);
}

const currencyUuids = new Map<CurrencyCode, string>();

/** A UUID in the form of version 4, derived from the code: a currency has the same one at every gateway. */
function currencyUuid(code: CurrencyCode): string {
  const known = currencyUuids.get(code);
  if (known !== undefined) return known;
  const hex = createHash('sha256').update(`webpos currency ${code}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  currencyUuids.set(code, uuid);
  return uuid;
}
