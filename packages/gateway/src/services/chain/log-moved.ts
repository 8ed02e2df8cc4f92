/** Logs a line for every payment that became missing, came back or was reverted. */
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { GoneReason } from '../../orders/order.ts';
import type { MovedPayment } from './place-unconfirmed.ts';

export function logMovedPayments(log: LoopLog, moved: readonly MovedPayment[]): void {
  for (const { outPoint, orderId, place, before } of moved) {
    const fields = { order: orderId ?? 'none', txid: outPoint.txid, vout: outPoint.vout };
    switch (place.kind) {
      case 'missing':
        log.warn(fields, 'payment: missing from the mempool; still counts as seen, and is rebroadcast');
        break;
      case 'gone': {
        // Not a warning for the others: buyers replace their own transactions to raise the fee.
        const level = place.reason.kind === 'timed_out' ? 'warn' : 'info';
        log[level]({ ...fields, ...replacementOf(place.reason) }, `payment: ${REVERTED[place.reason.kind]}`);
        break;
      }
      case 'mempool':
        if (before.kind === 'missing') log.info(fields, 'payment: in the mempool again');
        break;
      case 'block':
        log.info(fields, 'payment: was missing and is in a block now');
        break;
    }
  }
}

const REVERTED: Readonly<Record<GoneReason['kind'], string>> = {
  replaced: 'replaced by another transaction',
  dropped: 'dropped from the mempool',
  timed_out: 'reverted, because it was missing for too long; counts again if it is seen again',
  unrecorded: 'reverted',
};

function replacementOf(reason: GoneReason): Record<string, unknown> {
  return reason.kind === 'replaced' ? { replaced_by: reason.by, block: reason.block?.hash } : {};
}
