import type { EpochMs } from '../kernel/clock.ts';
import type { OrderId } from '../kernel/ids.ts';
import { shownAddressOf, type CheckedRefund } from './checked-refund.ts';

/** Where a buyer wants a refund, as every version stores it: the last request of an order. */
export interface RefundRequest {
  readonly orderId: OrderId;
  /** An address of the gateway's network. */
  readonly address: string;
  readonly requestedAt: EpochMs;
}

/** What the buyer of an order has requested last. */
export interface RequestOfBuyer extends RefundRequest {
  /**
   * Whether it is an authentic refund. Otherwise a process of a version that has no refunds stored it, so that nothing proves that the
   * address is the buyer's.
   */
  readonly isVerified: boolean;
}

/**
 * @param refunds All of the order, the oldest first.
 * @param stored The last request of the buyer, undefined if nothing was requested.
 * @returns Undefined if the buyer has requested nothing, or it was erased.
 */
export function requestOfBuyer(refunds: readonly CheckedRefund[], stored: RefundRequest | undefined): RequestOfBuyer | undefined {
  const unsealed = unsealedRequest(refunds, stored);
  if (unsealed !== undefined) return { ...unsealed, isVerified: false };
  const last = refunds.findLast(({ requestedBy, destination }) => requestedBy === 'buyer' && destination.kind === 'address');
  const address = last && shownAddressOf(last);
  if (last === undefined || address === undefined) return undefined;
  return { orderId: last.orderId, address, requestedAt: last.requestedAt, isVerified: true };
}

/** Returns the last request of the buyer if no refund has come of it: a version that has no refunds stored it. */
export function unsealedRequest(refunds: readonly CheckedRefund[], stored: RefundRequest | undefined): RefundRequest | undefined {
  if (stored === undefined) return undefined;
  return refunds.some((refund) => comesOf(refund, stored)) ? undefined : stored;
}

/** Whether a refund comes of a request, or of a later one to the same address: the merchant may have requested it in place of the buyer. */
function comesOf(refund: CheckedRefund, { address, requestedAt }: RefundRequest): boolean {
  if ((shownAddressOf(refund) ?? address) !== address) return false;
  return refund.requestedAt >= requestedAt || (refund.requestedBy === 'buyer' && refund.state.status === 'requested');
}
