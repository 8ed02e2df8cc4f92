/** Requests a refund on behalf of the merchant, who decides on it afterwards. */
import type { OrderId, RefundId } from '../../kernel/ids.ts';
import type { Actor } from '../../people/actor.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import { parseDestination, type Destination } from '../../wallet/script/destination.ts';
import { recordAction } from '../audit/audit-log.ts';
import { checkedRefund } from '../seals/checked-refund.ts';
import { sealedRefund } from '../seals/seal-of-refund.ts';
import { isOwnScript } from './is-own-script.ts';
import type { RefundContext } from './refund-context.ts';
import { RefundError } from './refund-error.ts';

export interface RefundRequest {
  /** Chosen by the caller: the same request sent twice makes one refund. */
  readonly id: RefundId;
  readonly orderId: OrderId;
  /** An address, or a payment URI that has one. */
  readonly destination: string;
  /** The merchant's own words; empty if there are no words. */
  readonly reason: string;
}

/** More than one order ever needs. */
export const MAX_PER_ORDER = 50;

/** @throws RefundError if the order is unknown or the destination is not acceptable. */
export async function requestRefund(
  context: Omit<RefundContext, 'rates'>,
  actor: Actor,
  { id, orderId, destination: text, reason }: RefundRequest,
): Promise<CheckedRefund> {
  const { address, script } = destinationOf(parseDestination(text, context.network));
  const refund = await context.store.transaction(async (tx) => {
    const order = await tx.orders.lock(orderId);
    if (order === undefined) throw new RefundError('unknown_order', `no order with id ${orderId}`);
    const refunds = await tx.refunds.ofOrder(orderId);
    const repeated = refunds.find((one) => one.id === id);
    if (repeated !== undefined) return repeated;
    if (refunds.length >= MAX_PER_ORDER)
      throw new RefundError('too_many', `order ${orderId} has ${MAX_PER_ORDER} refunds already`);
    if (await isOwnScript(tx, script))
      throw new RefundError('own_address', 'destination: expected an address of the buyer, got one of this gateway');
    const requested = sealedRefund(context.guard.seals, {
      id,
      orderId,
      posId: order.terms.posId,
      requestedBy: 'merchant',
      requestedAt: context.clock.now(),
      address,
      sinceHeight: (await tx.chain.tip())?.height ?? 0,
      reason: reason === '' ? null : reason,
      state: { status: 'requested' },
      seal: null,
    });
    if (!(await tx.refunds.insert(requested)))
      throw new RefundError('unknown_refund', `id: expected a new one, got that of another order's refund`);
    await recordAction(context, tx, actor, {
      action: 'refund.request',
      subject: { kind: 'refund', id },
      after: { order: orderId, address },
      ...(reason === '' ? {} : { note: reason }),
    });
    return requested;
  });
  context.ordersChanged([orderId]);
  return checkedRefund(context.guard, refund);
}

function destinationOf(destination: Destination): Extract<Destination, { kind: 'address' }> {
  if (destination.kind === 'address') return destination;
  if (destination.kind === 'network') throw new RefundError('network', 'destination: expected an address of this network');
  throw new RefundError('address', 'destination: expected a bitcoin address, or a payment URI that has one');
}
