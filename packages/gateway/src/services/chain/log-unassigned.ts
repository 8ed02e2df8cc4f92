/** Logs new unassigned payments and the index ranges that they skipped. */
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { Assigned } from './assign-sightings.ts';

export function logUnassigned(log: LoopLog, { newlyUnassigned, skipped }: Pick<Assigned, 'newlyUnassigned' | 'skipped'>): void {
  for (const { accountId, addressIndex, amount, outPoint, place } of newlyUnassigned)
    log.warn(
      {
        account: accountId,
        index: addressIndex,
        sats: amount.toString(),
        txid: outPoint.txid,
        vout: outPoint.vout,
        place: place.kind,
      },
      'unassigned payment: received bitcoin at an address without an order: see docs/running.md',
    );
  for (const { accountId, from, to } of skipped)
    log.warn(
      { account: accountId, from, to },
      'unassigned payment: skipped the indexes up to the paid one; no order gets their addresses, and they stay watched',
    );
}
