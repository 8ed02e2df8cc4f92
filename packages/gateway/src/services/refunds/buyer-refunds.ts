/** The refunds of an order that its buyer follows: those that the buyer has requested, and those that the merchant has decided to pay. */
import { outPointKey } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import { confirmationsOf } from '../../orders/rules.ts';
import { shownAddressOf, type CheckedRefund } from '../../refunds/checked-refund.ts';
import type { Payout } from '../../refunds/payout.ts';
import { liveApproval } from '../../refunds/refund.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { MAX_PAYOUTS } from './max-payouts.ts';

export interface BuyersRefund {
  readonly refund: CheckedRefund;
  readonly address: string;
  /** Of its payment; 0 without one. */
  readonly confirmations: number;
  /** When its payment was first seen; null without one. */
  readonly paymentSeenAt: EpochMs | null;
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
    followed.map(async (each) => {
      const payment = await paymentOf(store, each.refund);
      return {
        ...each,
        confirmations: payment === undefined ? 0 : (confirmationsOf(payment.place, tipHeight) ?? 0),
        paymentSeenAt: payment?.firstSeenAt ?? null,
      };
    }),
  );
}

async function paymentOf({ payouts }: Pick<StoreReads, 'payouts'>, { state }: CheckedRefund): Promise<Payout | undefined> {
  if (state.status !== 'seen' && state.status !== 'confirmed') return undefined;
  const key = outPointKey(state.payout);
  const toScript = await payouts.toScripts([state.approval.script], MAX_PAYOUTS);
  return toScript.find(({ outPoint }) => outPointKey(outPoint) === key);
}
