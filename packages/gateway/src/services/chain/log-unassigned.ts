/** Logs bitcoin that no order has, and the indexes that it made the gateway skip: each once, when it is seen first. */
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
      'unassigned payment: bitcoin reached an address that no order has: see docs/running.md',
    );
  for (const { accountId, from, to } of skipped)
    log.warn(
      { account: accountId, from, to },
      'unassigned payment: the indexes up to the paid one are skipped; no order gets their addresses, and they stay watched',
    );
}
