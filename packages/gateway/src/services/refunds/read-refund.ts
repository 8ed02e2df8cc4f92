/** Reads refunds with what decides on them: their order, what is left to refund, and the outputs that may pay them. */
import { isUuidV4, type OrderId, type RefundId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import { seesPos, type Viewer } from '../../people/viewer.ts';
import { mayPay, type Payout } from '../../refunds/payout.ts';
import { anyApproval, type Refund } from '../../refunds/refund.ts';
import { refundable, type Refundable } from '../../refunds/refundable.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import { checkedRefund } from '../seals/checked-refund.ts';

export interface ShownRefund {
  readonly refund: Refund;
  readonly order: Order;
  readonly tipHeight: number;
  /** What may be refunded of the order. */
  readonly refundable: Refundable;
  /** Outputs with the refund's exact amount to its destination that pay this refund, or no refund as far as is known. */
  readonly payouts: readonly Payout[];
  /** Whether its destination and amount are those that were requested and approved. Otherwise the refund has no address here. */
  readonly isAuthentic: boolean;
  /**
   * Whether it is to be paid now: it is authentic, not erased, and approved, its order still has what it received, and no output is known
   * that may be its payment.
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
  const isAuthentic = guard.isSoundRefund(stored);
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
  const isVerified = isAuthentic && refund.address !== '';
  const isPayable = isVerified && refund.state.status === 'approved' && !ofOrder.isUncovered && !payouts.some(mayPay(refund));
  return { refund, order, tipHeight, refundable: ofOrder, payouts, isAuthentic, isPayable };
}

/**
 * Returns the address that the buyer of an order has left, and may still change.
 *
 * @param refunds Those of the order.
 */
export async function addressOfBuyer(
  store: Pick<StoreReads, 'refundRequests'>,
  id: OrderId,
  refunds: readonly Refund[],
): Promise<string | undefined> {
  // A process of a version that has no refunds may have stored the request.
  if (refunds.length === 0) return (await store.refundRequests.ofOrder(id))?.address;
  return refunds.findLast(({ requestedBy, state }) => requestedBy === 'buyer' && state.status === 'requested')?.address;
}
