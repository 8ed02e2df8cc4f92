/** What the checkout page shows of an order. */
import type { CheckoutView, SandboxControls } from '@webpos/web';
import { isoDate } from '../kernel/clock.ts';
import { satsToBtc, type Sats } from '../kernel/sats.ts';
import { blockchainStatus, orderStatus } from '../orders/blockchain-status.ts';
import { depthOf } from '../orders/depth.ts';
import { formatFiatAmount } from '../orders/fiat.ts';
import type { Order } from '../orders/order.ts';
import { returnUrl } from '../orders/return-url.ts';
import { tally } from '../orders/tally.ts';
import { orderUri, type OrderInContext } from '../services/order-wire.ts';

/** @param sandbox What the sandbox offers; null where there is none. */
export function checkoutView(context: OrderInContext, sandbox: SandboxControls | null): CheckoutView {
  const { order, pos, tipHeight, now } = context;
  const { terms } = order;
  const { unpaid } = tally(order, tipHeight);
  const status = orderStatus(order);
  return {
    uuid: terms.id,
    merchantName: pos.name,
    details: terms.details,
    reference: terms.reference,
    amountBtc: satsToBtc(terms.amount),
    amountFiat: formatFiatAmount(terms.fiat),
    currency: terms.fiat.currency,
    address: terms.address,
    uri: orderUri(context),
    status,
    blockchainStatus: blockchainStatus(order, tipHeight),
    missingBtc: satsToBtc(unpaid),
    missingUri: orderUri(context, amountToAskFor(unpaid, terms.amount)),
    confirmations: shallowest(order, tipHeight),
    requiredConfirmations: terms.requiredConfirmations,
    expiresAt: isoDate(terms.expiresAt),
    expiresInS: Math.max(0, Math.floor((terms.expiresAt - now) / 1000)),
    backUrl: backUrl(order),
    sandbox,
  };
}

function amountToAskFor(unpaid: Sats, whole: Sats): Sats {
  return unpaid > 0n ? unpaid : whole;
}

/** The payment as a whole is as deep as its shallowest part. */
function shallowest(order: Order, tipHeight: number): number {
  const depths = order.payments.map(({ place }) => depthOf(place, tipHeight)).filter((depth) => depth !== undefined);
  return depths.length === 0 ? 0 : Math.min(...depths);
}

function backUrl({ state, terms }: Order): string | null {
  switch (state.status) {
    case 'pending':
      return null;
    case 'paid':
    case 'disputed':
    case 'charged_back':
      return terms.continueUrl === null ? null : returnUrl(terms.continueUrl, terms.id);
    case 'expired':
    case 'cancelled':
      return terms.cancelUrl === null ? null : returnUrl(terms.cancelUrl, terms.id);
  }
}
