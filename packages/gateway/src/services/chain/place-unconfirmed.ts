/** Updates the places of payments that are in no block. `judgeMissing` decides; the functions here read and store. */
import type { AppliedBlock, ChainChange, MempoolView } from '../../chain/chain-change.ts';
import { outPointKey, type Txid } from '../../kernel/chain.ts';
import { conflictOf, judgeMissing } from '../../orders/judge-missing.ts';
import type { PaymentPlace } from '../../orders/order.ts';
import type { PaymentPlaces, StoredPlace } from '../../store/ports/payment-places.ts';
import type { FamilySpends } from '../../store/ports/payment-transaction-store.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** A payment whose place has changed. */
export interface MovedPayment extends StoredPlace {
  readonly before: PaymentPlace;
}

/** Reverts payments that one of these blocks conflicts with: it spends an output that they or their unconfirmed ancestors spend. */
export async function placeReplacedInBlocks(
  tx: Pick<StoreTransaction, 'transactions'>,
  places: readonly PaymentPlaces[],
  blocks: readonly AppliedBlock[],
): Promise<MovedPayment[]> {
  const spends = blocks.flatMap(({ height, hash, spends: inBlock }) =>
    inBlock.map(({ outPoint, by }) => ({ outPoint, by, block: { height, hash } })),
  );
  if (spends.length === 0) return [];
  const byOutPoint = new Map(spends.map((spend) => [outPointKey(spend.outPoint), spend]));
  const hit = await tx.transactions.spending(spends.map(({ outPoint }) => outPoint));
  // Nearly always the spender is the payment itself, which was mined.
  const suspects = hit.filter(({ txid, outPoint }) => byOutPoint.get(outPointKey(outPoint))?.by !== txid);
  if (suspects.length === 0) return [];
  const families = await tx.transactions.spends([...new Set(suspects.map(({ txid }) => txid))]);
  const replaced = new Map<Txid, PaymentPlace>();
  for (const { txid, outPoint } of suspects) {
    const spend = byOutPoint.get(outPointKey(outPoint));
    const family = families.get(txid)?.members ?? new Set();
    if (spend === undefined || conflictOf({ family, spenders: [spend.by] }) === undefined) continue;
    replaced.set(txid, { kind: 'gone', reason: { kind: 'replaced', by: spend.by, block: spend.block } });
  }
  const moved: MovedPayment[] = [];
  for (const payments of places) {
    for (const { outPoint, orderId, place: before } of await payments.paymentsIn([...replaced.keys()])) {
      const place = replaced.get(outPoint.txid);
      if (place === undefined || before.kind === 'block') continue;
      await payments.setPlace(outPoint, place);
      moved.push({ outPoint, orderId, place, before });
    }
  }
  return moved;
}

/** Decides the place of every payment that is in no block by the source's mempool. */
export async function placeUnconfirmed(
  tx: Pick<StoreTransaction, 'transactions'>,
  places: readonly PaymentPlaces[],
  mempool: MempoolView,
  at: Pick<ChainChange, 'readAt' | 'knownUntil'>,
  timeoutMs: number,
): Promise<MovedPayment[]> {
  const moved: MovedPayment[] = [];
  for (const payments of places) {
    const byPlace = new Map<string, MovedPayment[]>();
    const unconfirmed = await payments.unconfirmedPayments();
    const absent = new Set(
      unconfirmed.map(({ outPoint }) => outPoint.txid).filter((txid) => mempool.placeOf(txid) !== 'waiting'),
    );
    const families = await tx.transactions.spends([...absent]);
    for (const { outPoint, orderId, place: before } of unconfirmed) {
      const family = families.get(outPoint.txid);
      const place = judgeMissing({
        ...at,
        answer: mempool.placeOf(outPoint.txid),
        family: family?.members ?? new Set([outPoint.txid]),
        spenders: spendersOf(family, mempool),
        missingSince: before.kind === 'missing' ? before.since : undefined,
        timeoutMs,
      });
      if (place.kind === before.kind) continue;
      const key = JSON.stringify(place);
      const same = byPlace.get(key) ?? [];
      same.push({ outPoint, orderId, place, before });
      byPlace.set(key, same);
    }
    // Thousands of payments may go missing together, with a block.
    for (const same of byPlace.values()) {
      const [{ place }] = same as [MovedPayment, ...MovedPayment[]];
      await payments.setPlaces(
        same.map(({ outPoint }) => outPoint),
        place,
      );
      moved.push(...same);
    }
  }
  return moved;
}

function spendersOf(family: FamilySpends | undefined, { spenders }: MempoolView): readonly Txid[] {
  return (family?.outPoints ?? []).map((outPoint) => spenders.get(outPointKey(outPoint))).filter((by) => by !== undefined);
}
