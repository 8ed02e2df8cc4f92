/** Stores the transactions of payments with their unconfirmed ancestors, so that they can be rebroadcast. */
import type { Match } from '../../chain/view/match.ts';
import { parseTransaction } from '../../chain/view/transaction.ts';
import type { OutPoint, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import { isTurnLong, nextTurn } from '../../kernel/thread/turns.ts';
import type { FamilyMember, PaymentFamily } from '../../store/ports/payment-transaction-store.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/**
 * @param ancestors The unconfirmed ancestors of each transaction, parents first, in consensus serialisation.
 * @returns The outputs that all these transactions spend.
 */
export async function saveTransactions(
  tx: Pick<StoreTransaction, 'transactions'>,
  matches: readonly Match[],
  ancestors: ReadonlyMap<Txid, readonly Uint8Array[]>,
  now: EpochMs,
): Promise<readonly OutPoint[]> {
  const families = new Map<Txid, PaymentFamily>();
  for (const { outPoint, raw } of matches) {
    const { txid } = outPoint;
    if (isTurnLong()) await nextTurn();
    if (!families.has(txid)) families.set(txid, { txid, members: [...(ancestors.get(txid) ?? []), raw].map(member) });
  }
  await tx.transactions.save([...families.values()], now);
  return [...families.values()].flatMap(({ members }) => members.flatMap(({ spends }) => spends));
}

function member(raw: Uint8Array): FamilyMember {
  const { txid, spends } = parseTransaction(raw);
  return { txid, raw, spends };
}
