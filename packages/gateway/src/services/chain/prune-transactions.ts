/** Prunes the stored transactions of payments that are buried, or that a rebroadcast cannot bring back. */
import type { OutPointIndex } from '../../chain/out-point-index.ts';
import type { Txid } from '../../kernel/chain.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import type { PaymentPlace } from '../../orders/order.ts';
import type { OrderChangeContext } from '../context.ts';

/** How many transactions are read at a time. */
const PAGE = 200;

export interface PruneTransactionsContext extends Pick<OrderChangeContext, 'store' | 'clock' | 'finalDepth'> {
  readonly missingTimeoutMs: number;
  readonly outPoints: OutPointIndex;
}

export async function pruneTransactions(context: PruneTransactionsContext, signal: AbortSignal): Promise<void> {
  const { store, clock, finalDepth, missingTimeoutMs, outPoints } = context;
  const tip = await store.chain.tip();
  if (tip === undefined) return;
  const at = { tipHeight: tip.height, finalDepth, oldBefore: plusMs(clock.now(), -missingTimeoutMs) };
  let pruned = 0;
  let after: Txid | undefined;
  await inPages(signal, async () => {
    const page = await store.transactions.list(after, PAGE);
    const places = new Map<Txid, PaymentPlace[]>(page.map(({ txid }) => [txid, []]));
    for (const payments of [store.orders, store.unassigned, store.payouts])
      for (const { outPoint, place } of await payments.paymentsIn([...places.keys()])) places.get(outPoint.txid)?.push(place);
    const finished = page.filter(({ txid, savedAt }) => isFinished(places.get(txid) ?? [], savedAt, at)).map(({ txid }) => txid);
    if (finished.length > 0) await store.transaction((tx) => tx.transactions.delete(finished));
    pruned += finished.length;
    after = page.at(-1)?.txid;
    return page.length === PAGE;
  });
  if (pruned > 0 && !signal.aborted) await outPoints.load(store.transactions.outPoints());
}

export interface FinishedAt {
  readonly tipHeight: number;
  readonly finalDepth: number;
  /** A transaction stored before this time is old: it is pruned if it was replaced, or has no payment. */
  readonly oldBefore: EpochMs;
}

/** Whether a transaction can be pruned, by the places of its payments and the time at which it was stored. */
function isFinished(places: readonly PaymentPlace[], savedAt: EpochMs, at: FinishedAt): boolean {
  const isOld = savedAt < at.oldBefore;
  if (places.length === 0) return isOld;
  const isBuried = (height: number): boolean => at.tipHeight - height + 1 >= at.finalDepth;
  return places.every((place) => {
    switch (place.kind) {
      case 'mempool':
      case 'missing':
        return false;
      case 'block':
        return isBuried(place.height);
      case 'gone':
        if (place.reason.kind !== 'replaced') return true;
        return place.reason.block === null ? isOld : isBuried(place.reason.block.height);
    }
  });
}
