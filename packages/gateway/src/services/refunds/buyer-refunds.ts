/** The refunds of an order that its buyer follows: those that the buyer has requested, and those that the merchant has decided to pay. */
import { outPointKey } from '../../kernel/chain.ts';
import { confirmationsOf } from '../../orders/rules.ts';
import { shownAddressOf, type CheckedRefund } from '../../refunds/checked-refund.ts';
import { liveApproval } from '../../refunds/refund.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { MAX_PAYOUTS } from './max-payouts.ts';

export interface BuyersRefund {
  readonly refund: CheckedRefund;
  readonly address: string;
  /** Of its payment; 0 without one. */
  readonly confirmations: number;
}

/** @param refunds All of the order, the oldest first. */
export async function buyersRefunds(
  store: Pick<StoreReads, 'payouts'>,
  refunds: readonly CheckedRefund[],
  tipHeight: number,
): Promise<readonly BuyersRefund[]> {
  const followed = refunds.flatMap((refund) => {
    const address = shownAddressOf(refund);
    const isFollowed = refund.requestedBy === 'buyer' || liveApproval(refund) !== undefined;
    return address !== undefined && isFollowed ? { refund, address } : [];
  });
  return Promise.all(
    followed.map(async (each) => ({ ...each, confirmations: await confirmationsOfPayout(store, each.refund, tipHeight) })),
  );
}

async function confirmationsOfPayout(
  { payouts }: Pick<StoreReads, 'payouts'>,
  { state }: CheckedRefund,
  tipHeight: number,
): Promise<number> {
  if (state.status !== 'seen' && state.status !== 'confirmed') return 0;
  const key = outPointKey(state.payout);
  const paid = (await payouts.toScripts([state.approval.script], MAX_PAYOUTS)).find(
    ({ outPoint }) => outPointKey(outPoint) === key,
  );
  return paid === undefined ? 0 : (confirmationsOf(paid.place, tipHeight) ?? 0);
}
