/**
 * Links an output to the refund that it pays, where the gateway cannot tell: several refunds or outputs have the same amount and
 * destination, the output is older than the refund, or the refund was cancelled although its payment had been sent.
 */
import { outPointKey, type OutPoint } from '../../kernel/chain.ts';
import type { RefundId } from '../../kernel/ids.ts';
import type { Actor } from '../../people/actor.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import { followPayouts } from '../../refunds/payout.ts';
import { anyApproval } from '../../refunds/refund.ts';
import { recordAction } from '../audit/audit-log.ts';
import { checkedRefund } from '../seals/checked-refund.ts';
import { sealedRefund } from '../seals/seal-of-refund.ts';
import { lockRefund } from './approve-refund.ts';
import type { RefundContext } from './refund-context.ts';
import { RefundError } from './refund-error.ts';

export interface LinkContext extends Omit<RefundContext, 'rates'> {
  /** Call it when refunds are marked to be judged, so that the chain is read soon. */
  readonly refundsMarked?: (() => void) | undefined;
}

/** @throws RefundError if the refund is unknown or paid, or the output is unknown, pays something else, or is linked already. */
export async function linkPayout(context: LinkContext, actor: Actor, id: RefundId, outPoint: OutPoint): Promise<CheckedRefund> {
  const found = await context.store.refunds.get(id);
  if (found === undefined) throw new RefundError('unknown_refund', `no refund with id ${id}`);
  const linked = await context.store.transaction(async (tx) => {
    const { refund } = await lockRefund(tx, found.orderId, id);
    const payout = await tx.payouts.get(outPoint);
    // The first answer may have been lost.
    if (payout?.refundId === id) return refund;
    const approval = anyApproval(refund);
    const isOpen = refund.state.status === 'approved' || refund.state.status === 'cancelled';
    if (approval === undefined || !isOpen)
      throw new RefundError(
        'state',
        `refund: expected one that waits for its payment, got ${id}, which is ${refund.state.status}`,
      );
    if (payout?.script !== approval.script || payout.amount !== approval.amount || !(await tx.payouts.link(outPoint, id)))
      throw new RefundError('payout', 'output: expected one that pays this refund and no other');
    if (!context.guard.isSoundRefund(refund)) throw new RefundError('unverified', `refund ${id} was changed outside WebPOS`);
    // At once, and not with the next round: until then it would still be offered to be paid, and could be cancelled.
    const state = followPayouts({ status: 'approved', approval }, [payout], (await tx.chain.tip())?.height ?? 0);
    const changed = sealedRefund(context.guard.seals, { ...refund, state });
    await tx.refunds.update(changed);
    await tx.refunds.mark([approval.script]);
    await recordAction(context, tx, actor, {
      action: 'refund.link',
      subject: { kind: 'refund', id },
      before: { status: refund.state.status },
      after: { output: outPointKey(outPoint) },
    });
    return changed;
  });
  context.refundsMarked?.();
  context.ordersChanged([found.orderId]);
  return checkedRefund(context.guard, linked);
}
