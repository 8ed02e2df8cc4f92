/** Reads refunds with what decides on them: their order, what is left to refund, and the outputs that may pay them. */
import { isUuidV4, type OrderId, type RefundId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import { seesPos, type Viewer } from '../../people/viewer.ts';
import { mayPay, type Payout } from '../../refunds/payout.ts';
import { shownAddressOf, type CheckedRefund } from '../../refunds/checked-refund.ts';
import { anyApproval } from '../../refunds/refund.ts';
import { refundable, type Refundable } from '../../refunds/refundable.ts';
import { unsealedRequest } from '../../refunds/request-of-buyer.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import { checkedRefund } from '../seals/checked-refund.ts';

export interface ShownRefund {
  readonly refund: CheckedRefund;
  readonly order: Order;
  readonly tipHeight: number;
  /** What may be refunded of the order. */
  readonly refundable: Refundable;
  /** Outputs with the refund's exact amount to its destination that pay this refund, or no refund as far as is known. */
  readonly payouts: readonly Payout[];
  /**
   * Whether it is to be paid now: it has an address that may be shown, it is approved, its order still has what it received, and no output
   * is known that may be its payment.
   */
  readonly isPayable: boolean;
}

/** How many outputs are shown. */
const MAX_PAYOUTS = 50;

export interface ReadRefundContext {
  readonly store: Pick<StoreReads, 'refunds' | 'orders' | 'chain' | 'payouts'>;
  readonly guard: Pick<SealGuard, 'isSoundRefund'>;
}

/** Returns a refund; undefined if it does not exist, or not for this viewer. */
export async function readRefund(
  { store, guard }: ReadRefundContext,
  viewer: Pick<Viewer, 'posIds'>,
  id: string,
): Promise<ShownRefund | undefined> {
  const stored = isUuidV4(id) ? await store.refunds.get(id as RefundId) : undefined;
  if (stored === undefined || !seesPos(viewer, stored.posId)) return undefined;
  const refund = checkedRefund(guard, stored);
  const order = await store.orders.get(refund.orderId);
  if (order === undefined) return undefined;
  const tipHeight = (await store.chain.tip())?.height ?? 0;
  const approval = anyApproval(refund);
  const toScript = approval === undefined ? [] : await store.payouts.toScripts([approval.script], MAX_PAYOUTS);
  const payouts = toScript.filter(
    ({ refundId, amount }) => refundId === id || (refundId === null && amount === approval?.amount),
  );
  const ofOrder = refundable(order, tipHeight, await store.refunds.ofOrder(refund.orderId));
  // Nothing says any more that the script of one whose address was erased is right.
  const mayBePaid = refund.destination.kind === 'address' && refund.state.status === 'approved';
  const isPayable = mayBePaid && !ofOrder.isUncovered && !payouts.some(mayPay(refund));
  return { refund, order, tipHeight, refundable: ofOrder, payouts, isPayable };
}

/**
 * Returns the address that the buyer of an order has left, and may still change.
 *
 * @param refunds Those of the order.
 */
export async function addressOfBuyer(
  store: Pick<StoreReads, 'refundRequests'>,
  id: OrderId,
  refunds: readonly CheckedRefund[],
): Promise<string | undefined> {
  const unsealed = unsealedRequest(refunds, await store.refundRequests.ofOrder(id));
  if (unsealed !== undefined) return unsealed.address;
  const open = refunds.findLast(({ requestedBy, state }) => requestedBy === 'buyer' && state.status === 'requested');
  return open && shownAddressOf(open);
}
