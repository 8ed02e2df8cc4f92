/**
 * Decides what an open page follows. It follows its order until the order has ended, and an hour longer: late bitcoin usually arrives
 * within this time. Then it follows the refunds of its buyer: for a day after each step, since people decide on the next one, and for an
 * hour after the last. A page that is open for longer costs nothing any more, and shows the rest when it is loaded again.
 */
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import type { Order } from '../../orders/order.ts';
import { resolvedAt } from '../../orders/rules.ts';
import type { BuyersRefund } from '../../services/refunds/buyer-refunds.ts';

const FOLLOW_ENDED_MS = HOUR_MS;
const FOLLOW_REFUND_MS = DAY_MS;

/** @param refunds Those that the buyer follows. */
export function whatToFollow(
  order: Pick<Order, 'state'>,
  refunds: readonly Pick<BuyersRefund, 'refund' | 'paymentSeenAt'>[],
  now: EpochMs,
): 'order' | 'refund' | null {
  if (isFollowed(order, now)) return 'order';
  return refunds.some((refund) => now < followedUntil(refund)) ? 'refund' : null;
}

function isFollowed({ state }: Pick<Order, 'state'>, now: EpochMs): boolean {
  if (state.status === 'pending' || state.status === 'disputed') return true;
  if (state.status !== 'expired' && state.status !== 'cancelled') return false;
  return now < (resolvedAt(state) ?? now) + FOLLOW_ENDED_MS;
}

function followedUntil({ refund, paymentSeenAt }: Pick<BuyersRefund, 'refund' | 'paymentSeenAt'>): EpochMs {
  const { state, requestedAt } = refund;
  switch (state.status) {
    case 'requested':
      return plusMs(requestedAt, FOLLOW_REFUND_MS);
    case 'approved':
      return plusMs(state.approval.at, FOLLOW_REFUND_MS);
    case 'seen':
      return plusMs(paymentSeenAt ?? state.approval.at, FOLLOW_REFUND_MS);
    case 'confirmed':
      return plusMs(paymentSeenAt ?? state.approval.at, FOLLOW_ENDED_MS);
    case 'cancelled':
    case 'refused':
      return plusMs(state.at, FOLLOW_ENDED_MS);
  }
}
