/** One line for every payment that became missing, came back, or is gone. */
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { GoneReason } from '../../orders/order.ts';
import type { MovedPayment } from './place-unconfirmed.ts';

export function logMovedPayments(log: LoopLog, moved: readonly MovedPayment[]): void {
  for (const { outPoint, orderId, place, before } of moved) {
    const fields = { order: orderId ?? 'none', txid: outPoint.txid, vout: outPoint.vout };
    switch (place.kind) {
      case 'missing':
        log.warn(fields, 'payment: the chain source no longer has it; it counts as seen and is sent again');
        break;
      case 'gone': {
        // Buyers replace their own transactions to pay a higher fee: that is nobody's concern.
        const level = place.reason.kind === 'timed_out' ? 'warn' : 'info';
        log[level]({ ...fields, ...by(place.reason) }, `payment: ${GONE[place.reason.kind]}`);
        break;
      }
      case 'mempool':
        if (before.kind === 'missing') log.info(fields, 'payment: the chain source has it again');
        break;
      case 'block':
        log.info(fields, 'payment: it was missing, and is in a block');
        break;
    }
  }
}

const GONE: Readonly<Record<GoneReason['kind'], string>> = {
  replaced: 'replaced by another transaction',
  dropped: 'dropped from the mempool',
  timed_out: 'missing for too long; it counts no more unless it is seen again',
  unrecorded: 'gone',
};

function by(reason: GoneReason): Record<string, unknown> {
  return reason.kind === 'replaced' ? { replaced_by: reason.by, block: reason.block?.hash } : {};
}
