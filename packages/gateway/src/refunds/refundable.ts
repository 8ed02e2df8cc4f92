/**
 * How much of an order may still be refunded. Never more than was received: only payments in blocks count, with the confirmations that
 * the order requires, because an unconfirmed payment may still be reverted after its refund is paid. Refunds that are to be paid or are
 * paid are deducted, whatever has become of the order's payments meanwhile.
 */
import { satsBeyond, sumSats, ZERO_SATS, type Sats } from '../kernel/sats.ts';
import type { Order } from '../orders/order.ts';
import { MIN_ORDER_AMOUNT, surplus, tally } from '../orders/rules.ts';
import { liveApproval, type Refund } from './refund.ts';

export interface Refundable {
  /** What the order has received, in blocks and confirmed. */
  readonly received: Sats;
  /** The sum of the refunds that are to be paid or are paid. */
  readonly committed: Sats;
  /** What may still be approved. */
  readonly left: Sats;
  /** The amount to suggest: the surplus while it is not refunded, otherwise everything that is left; 0 if that is too little to send. */
  readonly suggested: Sats;
  /** Whether refunds are approved for more than has been received, because payments were reverted since: do not pay them. */
  readonly isUncovered: boolean;
}

/** @param refunds All refunds of the order. */
export function refundable(order: Order, tipHeight: number, refunds: readonly Pick<Refund, 'state'>[]): Refundable {
  const { confirmed, inBlocks } = tally(order, tipHeight);
  const received = confirmed < inBlocks ? confirmed : inBlocks;
  // An open order may still be paid in full: only what exceeds its amount is refundable before it ends.
  const mayRefund = order.state.status === 'pending' ? satsBeyond(received, order.terms.amount) : received;
  const committed = sumSats(refunds.map((refund) => liveApproval(refund)?.amount ?? ZERO_SATS));
  const left = satsBeyond(mayRefund, committed);
  const isSettled = order.state.status === 'paid';
  const owed = isSettled ? satsBeyond(surplus(order, { confirmed: received }), committed) : left;
  const suggested = owed > ZERO_SATS && owed <= left ? owed : left;
  return {
    received,
    committed,
    left,
    suggested: suggested < MIN_ORDER_AMOUNT ? ZERO_SATS : suggested,
    isUncovered: committed > received,
  };
}
