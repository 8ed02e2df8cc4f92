/**
 * Decides the stage of an order that its buyer sees. While an order is pending or disputed, the stage follows the chain. After its end it
 * follows from the final state, whatever happens on the chain. A covered order is never shown as expired.
 */
import type { EpochMs } from '../kernel/clock.ts';
import { ZERO_SATS } from '../kernel/sats.ts';
import { hasLatePayment } from './late-payments.ts';
import { hasLostPayment } from './lost-payments.ts';
import type { Order } from './order.ts';
import { blockchainStatus, surplus, tally } from './rules.ts';
import { wasCovered } from './was-covered.ts';

export type BuyerStage =
  | 'pending'
  /** The expiration time has passed, and the chain has not been read far enough to know whether a payment came in time. */
  | 'closing'
  | 'partial'
  /** A payment was reverted, and without it the order has not received enough. */
  | 'lost'
  /** The whole amount is seen, some of it in the mempool. */
  | 'seen'
  /** The whole amount is in blocks. */
  | 'confirming'
  | 'paid'
  | 'overpaid'
  | 'expired'
  /** Expired with a part of its amount. */
  | 'short'
  /** Expired although the whole amount was seen in time: it was never confirmed. */
  | 'unsettled'
  | 'cancelled'
  /** A payment arrived after the order had ended unpaid. */
  | 'late'
  | 'dispute'
  | 'dispute-waiting'
  | 'disputed'
  | 'chargeback';

export function buyerStage(order: Order, tipHeight: number, now: EpochMs): BuyerStage {
  switch (order.state.status) {
    case 'pending':
      return pendingStage(order, tipHeight, now);
    case 'disputed':
      return disputedStage(order, tipHeight);
    case 'paid':
      return surplus(order, { confirmed: tally(order, tipHeight).seen }) > ZERO_SATS ? 'overpaid' : 'paid';
    case 'expired':
      if (wasCovered(order)) return 'unsettled';
      if (hasLatePayment(order)) return 'late';
      return tally(order, tipHeight).seen > ZERO_SATS ? 'short' : 'expired';
    case 'cancelled':
      return hasLatePayment(order) ? 'late' : 'cancelled';
    case 'charged_back':
      return 'chargeback';
  }
}

function pendingStage(order: Order, tipHeight: number, now: EpochMs): BuyerStage {
  const status = blockchainStatus(order, tipHeight);
  if (status === 'mempool_unconfirmed') return 'seen';
  if (status === 'unconfirmed') return 'confirming';
  // A covered order still has its settlement timeout.
  if (order.terms.expiresAt <= now && !wasCovered(order)) return 'closing';
  if (hasLostPayment(order.payments)) return 'lost';
  return status === 'partial' ? 'partial' : 'pending';
}

function disputedStage(order: Order, tipHeight: number): BuyerStage {
  const status = blockchainStatus(order, tipHeight);
  if (status === 'network_dispute') return 'dispute';
  return status === 'mempool_network_dispute' ? 'dispute-waiting' : 'disputed';
}
