/** What the checkout page shows of an order. */
import type { CheckoutView, SandboxControls } from '@webpos/web';
import { basePathOf } from '../../kernel/base-path.ts';
import { isoDate } from '../../kernel/clock.ts';
import { satsBeyond, satsToBtc, ZERO_SATS, type Sats } from '../../kernel/sats.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import { hasLatePayment } from '../../orders/has-late-payment.ts';
import { hasLostToReplacement } from '../../orders/lost-to-replacement.ts';
import type { Order, Payment } from '../../orders/order.ts';
import { paidParts } from '../../orders/paid-parts.ts';
import { returnUrl } from '../../merchants/return-url.ts';
import { blockchainStatus, confirmationsOf, orderStatus, tally } from '../../orders/rules.ts';
import { wasCovered } from '../../orders/was-covered.ts';
import { logoPath } from './logo-routes.ts';
import { orderUri, type OrderInContext } from '../../contract/order-wire.ts';

export interface ViewOptions {
  /** What the sandbox offers; null where none exists. */
  readonly sandbox: SandboxControls | null;
  /** Whether the buyer has just cancelled. */
  readonly asksToLeave?: boolean;
  /** Whether the browser shows it in a frame. */
  readonly isFramed?: boolean;
}

export function checkoutView(
  context: OrderInContext,
  { sandbox, asksToLeave = false, isFramed = false }: ViewOptions,
): CheckoutView {
  const { order, pos, tipHeight, now, publicUrl } = context;
  const { terms, state } = order;
  const { seen } = tally(order, tipHeight);
  const { unpaid } = paidParts(order, tipHeight);
  const surplus = satsBeyond(seen, terms.amount);
  const isGone = ({ place }: Payment): boolean => place.kind === 'gone';
  return {
    uuid: terms.id,
    basePath: basePathOf(publicUrl),
    version: orderVersion(context),
    merchantName: pos.name,
    details: terms.details,
    reference: terms.reference,
    amountBtc: satsToBtc(terms.amount),
    amountFiat: formatFiatAmount(terms.fiat),
    currency: terms.fiat.currency,
    address: terms.address,
    uri: orderUri(context),
    status: orderStatus(order),
    blockchainStatus: blockchainStatus(order, tipHeight),
    missingBtc: satsToBtc(unpaid.crypto),
    missingFiat: formatFiatAmount(unpaid.fiat),
    missingUri: orderUri(context, amountToAskFor(unpaid.crypto, terms.amount)),
    receivedBtc: satsToBtc(seen),
    surplusBtc: surplus > 0n ? satsToBtc(surplus) : null,
    late: hasLatePayment(order),
    replaced: state.status === 'pending' && unpaid.crypto > 0n && hasLostToReplacement(order.payments),
    covered: wasCovered(order),
    rate: { value: terms.rate.value, source: terms.rate.source, at: isoDate(terms.rate.at) },
    paidAt: state.status === 'paid' ? isoDate(state.paidAt) : null,
    payments: order.payments
      .filter((payment) => !isGone(payment))
      .map(({ outPoint, amount }) => ({ txid: outPoint.txid, amountBtc: satsToBtc(amount) })),
    confirmations: shallowest(order, tipHeight),
    requiredConfirmations: terms.requiredConfirmations,
    expiresAt: isoDate(terms.expiresAt),
    expiresInS: Math.max(0, Math.floor((terms.expiresAt - now) / 1000)),
    backUrl: backUrl(order, unpaid.crypto),
    asksToLeave,
    isFramed: isFramed && pos.look.origins.length > 0,
    look: { ...pos.look, logoUrl: pos.look.logo === null ? null : basePathOf(publicUrl) + logoPath(pos.look.logo) },
    sandbox,
  };
}

/** Differs whenever the page of an order would. */
export function orderVersion({ order, tipHeight }: Pick<OrderInContext, 'order' | 'tipHeight'>): string {
  const { terms, state } = order;
  const depth = Math.min(shallowest(order, tipHeight), terms.requiredConfirmations);
  const { seen } = tally(order, tipHeight);
  return [state.status, blockchainStatus(order, tipHeight), seen, depth, order.payments.length, terms.expiresAt].join('.');
}

function amountToAskFor(unpaid: Sats, whole: Sats): Sats {
  return unpaid > 0n ? unpaid : whole;
}

/** The payment as a whole is as deep as its shallowest part. */
function shallowest(order: Order, tipHeight: number): number {
  const depths = order.payments.map(({ place }) => confirmationsOf(place, tipHeight)).filter((depth) => depth !== undefined);
  return depths.length === 0 ? 0 : Math.min(...depths);
}

function backUrl({ state, terms }: Order, unpaid: Sats): string | null {
  switch (state.status) {
    case 'pending':
      return terms.continueUrl === null || unpaid > ZERO_SATS ? null : returnUrl(terms.continueUrl, terms.id);
    case 'paid':
    case 'disputed':
    case 'charged_back':
      return terms.continueUrl === null ? null : returnUrl(terms.continueUrl, terms.id);
    case 'expired':
    case 'cancelled':
      return terms.cancelUrl === null ? null : returnUrl(terms.cancelUrl, terms.id);
  }
}
