/**
 * Finds bitcoin that is older than the order whose address it pays: an output in a block that is undone, which was not stored with the
 * block. The address was not watched when the block was read, so the order came later. The output may return in the mempool or in another
 * block; known as unassigned before it does, it never becomes the order's.
 */
import type { UndoneBlock } from '../../chain/chain-change.ts';
import { outPointKey } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** @returns the unassigned payments that were stored. */
export async function assignRolledBack(
  tx: Pick<StoreTransaction, 'orders' | 'unassigned'>,
  undo: readonly UndoneBlock[],
  readAt: EpochMs,
): Promise<readonly UnassignedPayment[]> {
  const matches = undo.flatMap((block) => block.matches);
  if (matches.length === 0) return [];
  const txids = [...new Set(matches.map(({ outPoint }) => outPoint.txid))];
  const stored = [...(await tx.orders.paymentsIn(txids)), ...(await tx.unassigned.paymentsIn(txids))];
  const known = new Set(stored.map(({ outPoint }) => outPointKey(outPoint)));
  const unknown = matches.filter(({ outPoint }) => !known.has(outPointKey(outPoint)));
  const orders = await tx.orders.idsByScript([...new Set(unknown.map(({ script }) => script))]);
  const unassigned: UnassignedPayment[] = [];
  for (const { script, outPoint, amount, normalizedTxid } of unknown) {
    const id = orders.get(script);
    const order = id && (await tx.orders.get(id));
    // An address that no order has is treated as ever, when the output shows again.
    if (order === undefined) continue;
    const { accountId, addressIndex, address } = order.terms;
    // Where it is now is judged with all that is unconfirmed.
    const place = { kind: 'mempool' } as const;
    const payment = { accountId, addressIndex, address, script, outPoint, amount, normalizedTxid, firstSeenAt: readAt, place };
    if (await tx.unassigned.place(payment)) unassigned.push({ ...payment, acknowledged: null });
  }
  return unassigned;
}
