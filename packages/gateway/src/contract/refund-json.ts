/** A refund as JSON, for the commands, the panel's API and the shops. */
import { isoDate } from '../kernel/clock.ts';
import { outPointKey } from '../kernel/chain.ts';
import { formatFiatAmount } from '../orders/fiat.ts';
import type { Payout } from '../refunds/payout.ts';
import { shownAddressOf, type CheckedRefund } from '../refunds/checked-refund.ts';
import { anyApproval, type RefundStatus } from '../refunds/refund.ts';
import { paymentUri } from '../wallet/payment-uri.ts';

export interface RefundJson {
  readonly uuid: string;
  readonly order: string;
  readonly pos: string;
  readonly status: RefundStatus;
  readonly requested_by: 'buyer' | 'merchant';
  readonly requested_at: string;
  /** Empty if it was erased, or changed outside WebPOS. */
  readonly address: string;
  readonly reason: string | null;
  /** In satoshi; null until it is approved. */
  readonly amount: number | null;
  /** Where the amount comes from: `satoshi`, or a fiat amount at the rate of the `order` or the `current` one. */
  readonly priced: 'satoshi' | 'order' | 'current' | null;
  readonly fiat: string | null;
  readonly currency: string | null;
  readonly rate: string | null;
  readonly approved_at: string | null;
  /** A payment URI (BIP 321) while the refund is to be paid. */
  readonly uri: string | null;
  /** The output that pays it, as `txid:vout`. */
  readonly payout: string | null;
  readonly closed_at: string | null;
}

export function refundJson(refund: CheckedRefund): RefundJson {
  const { state } = refund;
  const approval = anyApproval(refund);
  const price = approval?.price;
  const fiat = price === undefined || price.kind === 'satoshi' ? undefined : price;
  return {
    uuid: refund.id,
    order: refund.orderId,
    pos: refund.posId,
    status: state.status,
    requested_by: refund.requestedBy,
    requested_at: isoDate(refund.requestedAt),
    address: shownAddressOf(refund) ?? '',
    reason: refund.reason,
    amount: approval === undefined ? null : Number(approval.amount),
    priced: price?.kind ?? null,
    fiat: fiat === undefined ? null : formatFiatAmount(fiat.fiat),
    currency: fiat?.fiat.currency ?? null,
    rate: fiat?.rate ?? null,
    approved_at: approval === undefined ? null : isoDate(approval.at),
    uri: refundUri(refund) ?? null,
    payout: 'payout' in state ? outPointKey(state.payout) : null,
    closed_at: state.status === 'cancelled' || state.status === 'refused' ? isoDate(state.at) : null,
  };
}

/** The payment URI (BIP 321) for the merchant's wallet; undefined unless the refund is to be paid. */
export function refundUri(refund: CheckedRefund): string | undefined {
  const { id, state } = refund;
  const address = shownAddressOf(refund);
  if (state.status !== 'approved' || address === undefined) return undefined;
  return paymentUri({ address, amount: state.approval.amount, label: `Refund ${id.slice(0, 8)}` });
}

export function payoutJson({ outPoint, amount, firstSeenAt, place, refundId }: Payout): Record<string, unknown> {
  return {
    output: outPointKey(outPoint),
    amount: Number(amount),
    first_seen_at: isoDate(firstSeenAt),
    place: place.kind,
    block_height: place.kind === 'block' ? place.height : null,
    refund: refundId,
  };
}
