import { payoutJson, refundJson } from '../../contract/refund-json.ts';
import type { ShownRefund } from './read-refund.ts';

/** A refund with what may be refunded of its order, in satoshi, and the outputs that may pay it: for the commands and the panel's API. */
export function shownRefundJson({ refund, refundable, payouts, isPayable }: ShownRefund): Record<string, unknown> {
  return {
    ...refundJson(refund),
    ...(isPayable ? {} : { uri: null }),
    received: Number(refundable.received),
    committed: Number(refundable.committed),
    left: Number(refundable.left),
    suggested: Number(refundable.suggested),
    uncovered: refundable.isUncovered,
    payouts: payouts.map(payoutJson),
  };
}
