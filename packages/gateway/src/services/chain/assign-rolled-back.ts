/**
 * Finds payments that are older than the order whose address they pay: outputs in a block that is rolled back, which were not stored
 * with that block. Their address was not watched when the block was read, so the order was created later. Such an output may come back in
 * the mempool or in another block. It is stored as unassigned before, so that it never becomes the order's payment.
 */
import type { UndoneBlock } from '../../chain/chain-change.ts';
import { outPointKey } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** @returns The new unassigned payments. */
export async function assignRolledBack(
  tx: Pick<StoreTransaction, 'orders' | 'unassigned'>,
  rolledBack: readonly UndoneBlock[],
  readAt: EpochMs,
): Promise<readonly UnassignedPayment[]> {
  const matches = rolledBack.flatMap((block) => block.matches);
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
    // An output to an address without an order is assigned as usual when it is seen again.
    if (order === undefined) continue;
    const { accountId, addressIndex, address } = order.terms;
    // Its present place is decided together with those of all unconfirmed payments.
    const place = { kind: 'mempool' } as const;
    const payment = { accountId, addressIndex, address, script, outPoint, amount, normalizedTxid, firstSeenAt: readAt, place };
    if (await tx.unassigned.place(payment)) unassigned.push({ ...payment, acknowledged: null });
  }
  return unassigned;
}
