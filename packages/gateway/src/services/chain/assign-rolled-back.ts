/**
 * Finds payments that are older than the order whose address they pay: outputs in a block that is rolled back, which were not stored
 * with that block. Their address was not watched when the block was read, so the order was created later. Such an output may come back in
 * the mempool or in another block. It is stored as unassigned before, so that it never becomes the order's payment, and in its block: where
 * it is once the block is rolled back is decided together with all other payments of the block.
 */
import type { UndoneBlock } from '../../chain/chain-change.ts';
import type { Match } from '../../chain/view/match.ts';
import { outPointKey, type BlockRef } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** An output in a block that is rolled back. */
export interface RolledBack {
  readonly match: Match;
  readonly block: BlockRef;
}

export function rolledBackIn(undo: readonly UndoneBlock[]): RolledBack[] {
  return undo.flatMap(({ matches, height, hash }) => matches.map((match) => ({ match, block: { height, hash } })));
}

/** Call it before the block is rolled back. @returns The new unassigned payments. */
export async function assignRolledBack(
  tx: Pick<StoreTransaction, 'orders' | 'unassigned'>,
  rolledBack: readonly RolledBack[],
  readAt: EpochMs,
): Promise<readonly UnassignedPayment[]> {
  if (rolledBack.length === 0) return [];
  const txids = [...new Set(rolledBack.map(({ match }) => match.outPoint.txid))];
  const stored = [...(await tx.orders.paymentsIn(txids)), ...(await tx.unassigned.paymentsIn(txids))];
  const known = new Set(stored.map(({ outPoint }) => outPointKey(outPoint)));
  const unknown = rolledBack.filter(({ match }) => !known.has(outPointKey(match.outPoint)));
  const orders = await tx.orders.idsByScript([...new Set(unknown.map(({ match }) => match.script))]);
  const unassigned: UnassignedPayment[] = [];
  for (const { match, block } of unknown) {
    const { script, outPoint, amount, normalizedTxid } = match;
    const id = orders.get(script);
    const order = id && (await tx.orders.get(id));
    // An output to an address without an order is assigned as usual when it is seen again.
    if (order === undefined) continue;
    const { accountId, addressIndex, address } = order.terms;
    const place = { kind: 'block', height: block.height, hash: block.hash } as const;
    const payment = { accountId, addressIndex, address, script, outPoint, amount, normalizedTxid, firstSeenAt: readAt, place };
    if (await tx.unassigned.place(payment)) unassigned.push({ ...payment, acknowledged: null });
  }
  return unassigned;
}
