/** Refuses a requested refund, or cancels one. The payment of a refund that was approved before is still looked for. */
import type { RefundId } from '../../kernel/ids.ts';
import type { Actor } from '../../people/actor.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import type { Refund, RefundState } from '../../refunds/refund.ts';
import { recordAction } from '../audit/audit-log.ts';
import { sealedRefund } from '../seals/seal-of-refund.ts';
import { lockRefund } from './approve-refund.ts';
import { checkedRefund } from '../seals/checked-refund.ts';
import type { RefundContext } from './refund-context.ts';
import { RefundError } from './refund-error.ts';

export interface Closed {
  readonly refund: CheckedRefund;
  readonly isRepeated: boolean;
}

/** @throws RefundError if the refund is unknown, or its payment has been seen. */
export async function closeRefund(
  context: Omit<RefundContext, 'rates'>,
  actor: Actor,
  id: RefundId,
  reason: string,
): Promise<Closed> {
  const found = await context.store.refunds.get(id);
  if (found === undefined) throw new RefundError('unknown_refund', `no refund with id ${id}`);
  const closed = await context.store.transaction(async (tx) => {
    const { refund } = await lockRefund(tx, found.orderId, id);
    if (refund.state.status === 'cancelled' || refund.state.status === 'refused') return { refund, isRepeated: true };
    const state = closedState(refund, context.clock.now());
    const closedRefund: Refund = { ...refund, reason: reason === '' ? refund.reason : reason, state };
    const isSound = context.guard.isSoundRefund(refund);
    const changed = isSound ? sealedRefund(context.guard.seals, closedRefund) : { ...closedRefund, seal: null };
    await tx.refunds.update(changed);
    await recordAction(context, tx, actor, {
      action: state.status === 'refused' ? 'refund.refuse' : 'refund.cancel',
      subject: { kind: 'refund', id },
      before: { status: refund.state.status },
      after: { order: refund.orderId },
      ...(reason === '' ? {} : { note: reason }),
    });
    return { refund: changed, isRepeated: false };
  });
  if (!closed.isRepeated) context.ordersChanged([found.orderId]);
  return { ...closed, refund: checkedRefund(context.guard, closed.refund) };
}

function closedState({ id, requestedBy, state }: Refund, at: Extract<RefundState, { status: 'refused' }>['at']): RefundState {
  switch (state.status) {
    case 'requested':
      return requestedBy === 'buyer' ? { status: 'refused', at } : { status: 'cancelled', at, approval: null };
    case 'approved':
      return { status: 'cancelled', at, approval: state.approval };
    default:
      throw new RefundError('state', `refund: expected one whose payment has not been seen, got ${id}, which is ${state.status}`);
  }
}
