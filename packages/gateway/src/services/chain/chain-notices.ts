/** Stores notices of what the chain does: payments to no order, and reorganisations that are deeper than usual. */
import { outPointKey, type BlockRef } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** The last block is replaced several times a year, and the last two hardly ever. */
const NORMAL_DEPTH = 1;

/** @param undo The blocks that were rolled back, the highest first. */
export async function noticeReorganisation(tx: StoreTransaction, undo: readonly BlockRef[], at: EpochMs): Promise<void> {
  const [highest] = undo;
  if (highest === undefined || undo.length <= NORMAL_DEPTH) return;
  const { height, hash } = highest;
  const notice = { id: `reorganised ${hash}`, at, posId: null, personId: null };
  await tx.notices.add([{ ...notice, facts: { kind: 'chain.trouble', state: 'reorganised', blocks: undo.length, height } }]);
}

export async function noticeUnassigned(
  tx: Pick<StoreTransaction, 'notices'>,
  payments: readonly Pick<UnassignedPayment, 'accountId' | 'outPoint' | 'amount'>[],
  at: EpochMs,
): Promise<void> {
  if (payments.length === 0) return;
  await tx.notices.add(
    payments.map(({ accountId, outPoint, amount }) => ({
      id: `unassigned ${outPointKey(outPoint)}`,
      at,
      posId: null,
      personId: null,
      facts: { kind: 'payment.unassigned', accountId, txid: outPoint.txid, sats: amount.toString() },
    })),
  );
}
