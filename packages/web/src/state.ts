/**
 * What the buyer is told about an order, and what the page then offers: `pay` shows the code, `wait` asks for
 * nothing but patience, `end` is over and leads back to the shop.
 *
 * What the chain says is the finer of the two statuses, so it picks the words; an order that is over keeps the words
 * of its end, whatever still moves on the chain.
 */
import type { BlockchainStatus } from '@webpos/sdk/wire';

import type { CheckoutView } from './view.ts';

export interface CheckoutState {
  key: BlockchainStatus;
  phase: 'pay' | 'wait' | 'end';
  tone: 'waiting' | 'working' | 'good' | 'bad';
  headline: string;
  explanation: string;
}

export function checkoutState(view: CheckoutView): CheckoutState {
  const key = view.status === 'pending' || view.status === 'network_dispute' ? view.blockchainStatus : view.status;
  return { key, ...wordsFor(key, view) };
}

function wordsFor(key: BlockchainStatus, view: CheckoutView): Omit<CheckoutState, 'key'> {
  switch (key) {
    case 'pending':
      return {
        phase: 'pay',
        tone: 'waiting',
        headline: 'Waiting for your payment',
        explanation: 'Scan the code with a bitcoin wallet, or open one on this device.',
      };
    case 'partial':
      return {
        phase: 'pay',
        tone: 'waiting',
        headline: 'Part of it has arrived',
        explanation: `${view.missingBtc} BTC is still missing. This code asks for exactly the rest.`,
      };
    case 'mempool_unconfirmed':
      return {
        phase: 'wait',
        tone: 'working',
        headline: 'Payment seen',
        explanation: `The bitcoin network has it: ${confirmationsText(view)} so far. ${NOTHING_MORE_TO_DO}`,
      };
    case 'unconfirmed':
      return {
        phase: 'wait',
        tone: 'working',
        headline: confirmationsText(view),
        explanation: `Your payment is in the blockchain and gets safer with every block. ${NOTHING_MORE_TO_DO}`,
      };
    case 'paid':
      return { phase: 'end', tone: 'good', headline: 'Paid', explanation: `Thank you. ${view.merchantName} has your payment.` };
    case 'expired':
      return {
        phase: 'end',
        tone: 'bad',
        headline: 'The time ran out',
        explanation: `This order is closed: please send nothing to it any more. ${ALREADY_SENT}`,
      };
    case 'cancelled':
      return {
        phase: 'end',
        tone: 'bad',
        headline: 'Order cancelled',
        explanation: `This order is closed: please send nothing to it. ${ALREADY_SENT}`,
      };
    case 'network_dispute':
      return {
        phase: 'wait',
        tone: 'working',
        headline: 'Being confirmed again',
        explanation: `The network has rearranged its newest blocks, and your payment is being confirmed anew: ${confirmationsText(view)} so far. ${NOTHING_MORE_TO_DO}`,
      };
    case 'mempool_network_dispute':
      return {
        phase: 'wait',
        tone: 'working',
        headline: 'Waiting for a block again',
        explanation: `The network has rearranged its newest blocks, and your payment waits to enter one again. ${NOTHING_MORE_TO_DO}`,
      };
    case 'possible_chargeback':
      return {
        phase: 'wait',
        tone: 'bad',
        headline: 'Payment disputed',
        explanation:
          'The network no longer shows your payment: another one may have taken its place. If it does not come back, the order counts as unpaid. Please talk to the shop.',
      };
    case 'chargeback':
      return {
        phase: 'end',
        tone: 'bad',
        headline: 'Payment charged back',
        explanation: 'The bitcoin network took your payment back, so this order is unpaid. Please talk to the shop.',
      };
  }
}

const NOTHING_MORE_TO_DO = 'There is nothing more for you to do.';
const ALREADY_SENT = 'If you have sent bitcoin already, it is not lost: the shop can see it, so talk to them.';

/** Such as `1 of 3 confirmations`; never more than are asked for. */
export function confirmationsText({ confirmations, requiredConfirmations }: CheckoutView): string {
  const unit = requiredConfirmations === 1 ? 'confirmation' : 'confirmations';
  return `${Math.min(confirmations, requiredConfirmations)} of ${requiredConfirmations} ${unit}`;
}
