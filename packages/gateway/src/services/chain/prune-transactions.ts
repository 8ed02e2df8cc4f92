/** Forgets the transactions of payments that can no longer be lost, or for which nothing can be done any more. */
import type { OutPointIndex } from '../../chain/out-point-index.ts';
import type { Txid } from '../../kernel/chain.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import type { PaymentPlace } from '../../orders/order.ts';
import type { OrderChangeContext } from '../context.ts';

/** How many are looked at in one transaction. */
const PAGE = 500;

export interface PruneTransactionsContext extends Pick<OrderChangeContext, 'store' | 'clock' | 'finalDepth'> {
  readonly missingTimeoutMs: number;
  readonly outPoints: OutPointIndex;
}

/** Looks at all that is kept, in pages. */
export async function pruneTransactions(context: PruneTransactionsContext, signal: AbortSignal): Promise<void> {
  const { store, clock, finalDepth, missingTimeoutMs, outPoints } = context;
  const tip = await store.chain.tip();
  if (tip === undefined) return;
  const at = { tipHeight: tip.height, finalDepth, keptBefore: plusMs(clock.now(), -missingTimeoutMs) };
  let forgotten = 0;
  let after: Txid | undefined;
  while (!signal.aborted) {
    const page = await store.transactions.list(after, PAGE);
    const places = new Map<Txid, PaymentPlace[]>(page.map(({ txid }) => [txid, []]));
    for (const payments of [store.orders, store.unassigned])
      for (const { outPoint, place } of await payments.paymentsIn([...places.keys()])) places.get(outPoint.txid)?.push(place);
    const finished = page.filter(({ txid, savedAt }) => isFinished(places.get(txid) ?? [], savedAt, at)).map(({ txid }) => txid);
    if (finished.length > 0) await store.transaction((tx) => tx.transactions.delete(finished));
    forgotten += finished.length;
    if (page.length < PAGE) break;
    after = page.at(-1)?.txid;
  }
  if (forgotten > 0 && !signal.aborted) await outPoints.load(store.transactions.outPoints());
}

export interface FinishedAt {
  readonly tipHeight: number;
  readonly finalDepth: number;
  /** What was kept before and has been replaced, or belongs to nobody, is of no more use. */
  readonly keptBefore: EpochMs;
}

/** Whether the transaction of payments at these places need not be kept. */
function isFinished(places: readonly PaymentPlace[], savedAt: EpochMs, at: FinishedAt): boolean {
  const isOld = savedAt < at.keptBefore;
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
