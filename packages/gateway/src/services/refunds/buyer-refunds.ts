/** The refunds of an order that its buyer follows: those that the buyer has requested, and those that the merchant has decided to pay. */
import { outPointKey } from '../../kernel/chain.ts';
import { confirmationsOf } from '../../orders/rules.ts';
import { liveApproval, type Refund } from '../../refunds/refund.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { MAX_PAYOUTS } from './max-payouts.ts';

export interface BuyersRefund {
  readonly refund: Refund;
  /** Of its payment; 0 without one. */
  readonly confirmations: number;
}

/** @param refunds All of the order, the oldest first. */
export async function buyersRefunds(
  store: Pick<StoreReads, 'payouts'>,
  refunds: readonly Refund[],
  tipHeight: number,
): Promise<readonly BuyersRefund[]> {
  // One without an address was erased.
  const followed = refunds.filter(
    (refund) => refund.address !== '' && (refund.requestedBy === 'buyer' || liveApproval(refund) !== undefined),
  );
  return Promise.all(
    followed.map(async (refund) => ({ refund, confirmations: await confirmationsOfPayout(store, refund, tipHeight) })),
  );
}

async function confirmationsOfPayout(
  { payouts }: Pick<StoreReads, 'payouts'>,
  { state }: Refund,
  tipHeight: number,
): Promise<number> {
  if (state.status !== 'seen' && state.status !== 'confirmed') return 0;
  const key = outPointKey(state.payout);
  const paid = (await payouts.toScripts([state.approval.script], MAX_PAYOUTS)).find(
    ({ outPoint }) => outPointKey(outPoint) === key,
  );
  return paid === undefined ? 0 : (confirmationsOf(paid.place, tipHeight) ?? 0);
}
