/** What the checkout page shows of an order. */
import type { BuyerRefund, CheckoutNote, CheckoutView, PageChoices, SandboxControls } from '@webpos/web';
import { orderUri, type OrderInContext } from '../../contract/order-wire.ts';
import { basePathOf } from '../../kernel/base-path.ts';
import { isoDate, type EpochMs } from '../../kernel/clock.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import { satsBeyond, satsToBtc, ZERO_SATS, type Sats } from '../../kernel/sats.ts';
import type { Pos } from '../../merchants/pos.ts';
import { returnUrl } from '../../merchants/return-url.ts';
import { buyerStage } from '../../orders/buyer-stage.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import { receivedLate } from '../../orders/late-payments.ts';
import type { Order, Payment } from '../../orders/order.ts';
import { refundable } from '../../refunds/refundable.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import { anyApproval, type RefundStatus } from '../../refunds/refund.ts';
import { owedBack } from '../../orders/owed-back.ts';
import { paidParts } from '../../orders/paid-parts.ts';
import { blockchainStatus, orderStatus, tally } from '../../orders/rules.ts';
import { wasCovered } from '../../orders/was-covered.ts';
import { mayRetry } from '../../services/orders/retry-order.ts';
import type { BuyersRefund } from '../../services/refunds/buyer-refunds.ts';
import { fewestConfirmations, orderVersion } from '../shared/order-version.ts';
import { logoPath } from './logo-routes.ts';
import { RELEASE } from './page-tag.ts';
import { whatToFollow } from './what-to-follow.ts';

export interface ViewOptions {
  /** What the sandbox offers; null in live mode. */
  readonly sandbox: SandboxControls | null;
  /** The refunds of the order. Default: none. */
  readonly refunds?: readonly CheckedRefund[];
  /** Those that the buyer follows. Default: none. */
  readonly followed?: readonly BuyersRefund[];
  /** Where the buyer asked to be refunded. Default: nowhere. */
  readonly refundAddress?: string | null;
  /** Whether the buyer has just cancelled. */
  readonly asksToLeave?: boolean;
  /** Whether the browser shows the page in a frame. */
  readonly isFramed?: boolean;
  readonly note?: CheckoutNote | null;
  readonly choices?: PageChoices;
}

const NO_CHOICES: PageChoices = { unit: 'btc', paysAgain: false, stays: false };

export function checkoutView(context: OrderInContext, options: ViewOptions): CheckoutView {
  const { order, pos, tipHeight, now, publicUrl } = context;
  const { terms, state } = order;
  const {
    sandbox,
    refunds = [],
    followed = [],
    refundAddress = null,
    asksToLeave = false,
    isFramed = false,
    note = null,
    choices = NO_CHOICES,
  } = options;
  return {
    uuid: terms.id,
    basePath: basePathOf(publicUrl),
    release: RELEASE,
    version: orderVersion(context, refunds),
    merchantName: pos.name,
    details: terms.details,
    reference: terms.reference,
    currency: terms.fiat.currency,
    address: terms.address,
    stage: buyerStage(order, tipHeight, now),
    status: orderStatus(order),
    blockchainStatus: blockchainStatus(order, tipHeight),
    ...amountsOf(context, refunds),
    refundAddress,
    refunds: followed.map(buyerRefund),
    mayRetry: mayRetry(order, pos, now),
    rate: { value: terms.rate.value, source: terms.rate.source, at: isoDate(terms.rate.at) },
    paidAt: state.status === 'paid' ? isoDate(state.paidAt) : null,
    payments: order.payments
      .filter((payment) => !isGone(payment))
      .map(({ outPoint, amount }) => ({ txid: outPoint.txid, amountBtc: satsToBtc(amount) })),
    isSlow: isSlow(order, now),
    confirmations: fewestConfirmations(order, tipHeight),
    requiredConfirmations: terms.requiredConfirmations,
    expiresInS: Math.max(0, Math.floor((terms.expiresAt - now) / 1000)),
    isTimed: state.status === 'pending' && !wasCovered(order),
    follows: whatToFollow(order, followed, now),
    backUrl: backUrl(order, pos, tipHeight),
    asksToLeave,
    note,
    choices,
    isFramed: isFramed && pos.look.origins.length > 0,
    look: { ...pos.look, logoUrl: pos.look.logo === null ? null : basePathOf(publicUrl) + logoPath(pos.look.logo) },
    sandbox,
  };
}

type Amounts = Pick<
  CheckoutView,
  | 'amountBtc'
  | 'amountFiat'
  | 'uri'
  | 'missingBtc'
  | 'missingFiat'
  | 'missingUri'
  | 'receivedBtc'
  | 'receivedLateBtc'
  | 'surplusBtc'
  | 'owedBtc'
>;

function amountsOf(context: OrderInContext, refunds: readonly CheckedRefund[]): Amounts {
  const { order, tipHeight } = context;
  const { terms } = order;
  const { seen } = tally(order, tipHeight);
  const { unpaid } = paidParts(order, tipHeight);
  return {
    amountBtc: satsToBtc(terms.amount),
    amountFiat: formatFiatAmount(terms.fiat),
    uri: orderUri(context),
    missingBtc: satsToBtc(unpaid.crypto),
    missingFiat: formatFiatAmount(unpaid.fiat),
    missingUri: orderUri(context, unpaid.crypto > ZERO_SATS ? unpaid.crypto : terms.amount),
    receivedBtc: satsToBtc(seen),
    receivedLateBtc: satsToBtc(receivedLate(order)),
    surplusBtc: orNull(satsBeyond(seen, terms.amount)),
    owedBtc: orNull(satsBeyond(owedBack(order, tipHeight), refundable(order, tipHeight, refunds).committed)),
  };
}

const BUYERS_WORDS: Readonly<Record<RefundStatus, BuyerRefund['status']>> = {
  requested: 'requested',
  approved: 'approved',
  seen: 'sent',
  confirmed: 'paid',
  cancelled: 'declined',
  refused: 'declined',
};

function buyerRefund({ refund, address, confirmations }: BuyersRefund): BuyerRefund {
  const { state } = refund;
  const approval = anyApproval(refund);
  return {
    status: BUYERS_WORDS[state.status],
    address,
    amountBtc: approval === undefined ? null : satsToBtc(approval.amount),
    txid: 'payout' in state ? state.payout.txid : null,
    confirmations,
    requiredConfirmations: approval?.confirmations ?? 1,
  };
}

function orNull(amount: Sats): string | null {
  return amount > ZERO_SATS ? satsToBtc(amount) : null;
}

function isGone({ place }: Payment): boolean {
  return place.kind === 'gone';
}

/** After an hour without a block, the fee is probably too low. */
function isSlow({ payments }: Order, now: EpochMs): boolean {
  return payments.some(({ place, firstSeenAt }) => place.kind === 'mempool' && now - firstSeenAt > HOUR_MS);
}

function backUrl(order: Order, { checkout }: Pick<Pos, 'checkout'>, tipHeight: number): string | null {
  const { state, terms } = order;
  const to = (url: string | null): string | null => (url === null ? null : returnUrl(url, terms.id));
  switch (state.status) {
    case 'pending':
      return checkout.returnWhen === 'paid' || tally(order, tipHeight).unpaid > ZERO_SATS ? null : to(terms.continueUrl);
    case 'paid':
    case 'disputed':
    case 'charged_back':
      return to(terms.continueUrl);
    case 'expired':
    case 'cancelled':
      return to(terms.cancelUrl);
  }
}
