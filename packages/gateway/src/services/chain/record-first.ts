/**
 * Stores the payments of a large step of the chain ahead of the step, in pages, each in a transaction of its own. The step's own
 * transaction, which moves the position in the chain, then has to set their places only.
 *
 * Ahead of it, a payment that was not known is stored as one that has been seen and is in no block. That is true whatever follows: if the
 * process is killed, or the block is replaced before its step is stored, the payment is one of those that are looked for in the mempool
 * when the tip is reached. Nothing that is stored already is changed, except that its order is marked to be judged at the tip.
 *
 * A step that rolls blocks back is stored in one transaction: whether its payments are older than their orders is decided there first
 * (`assign-rolled-back.ts`).
 */
import type { ChainChange } from '../../chain/chain-change.ts';
import { outPointKey, type OutPoint, type Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { currentStep, enterStep } from '../../kernel/thread/steps.ts';
import type { RateSource } from '../../rates/source.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';
import { assignSightings, seenAgain, type Assigned, type Sighting } from './assign-sightings.ts';
import { noticeUnassigned } from './chain-notices.ts';
import type { MovedPayment } from './place-unconfirmed.ts';
import { ratesAtPayment } from './rates-at-payment.ts';
import { refuseIfMoved } from './refuse-if-moved.ts';
import { saveTransactions } from './save-transactions.ts';

/** Which steps are large, and how they are divided. */
export interface RecordPages {
  /** Steps with more payments are recorded ahead. */
  readonly moreThan: number;
  /** How many payments are stored in one transaction. */
  readonly page: number;
}

/** Some 50 ms of work for each transaction. */
const RECORD_PAGES: RecordPages = { moreThan: 250, page: 250 };

export interface RecordedFirst {
  /** The outputs that are stored, as payments of orders or as unassigned ones, by `outPointKey`. */
  readonly outputs: ReadonlySet<string>;
  /** Whether orders were marked to be judged. */
  readonly hasOrders: boolean;
  /** Payments that were missing and are seen again. */
  readonly moved: readonly MovedPayment[];
}

const NOTHING_RECORDED: RecordedFirst = { outputs: new Set(), hasOrders: false, moved: [] };

export interface RecordOptions {
  /** Receives the outputs that the payments spend, once they are stored. */
  readonly spends: (outPoints: readonly OutPoint[]) => void;
  /** Called with what each page has assigned, once it is stored. */
  readonly assigned: (assigned: Assigned) => Promise<void>;
  /** Default: {@link RECORD_PAGES}. */
  readonly pages?: RecordPages | undefined;
  /** The rates to store with new payments. */
  readonly rates?: RateSource | undefined;
}

export async function recordFirst(
  { store, clock }: StoreContext,
  sightings: readonly Sighting[],
  { readAt, undo, apply, mempool }: ChainChange,
  { spends, assigned, pages: { moreThan, page } = RECORD_PAGES, rates }: RecordOptions,
): Promise<RecordedFirst> {
  if (undo.length > 0 || sightings.length <= moreThan) return NOTHING_RECORDED;
  const step = currentStep();
  const outputs = new Set<string>();
  const moved: MovedPayment[] = [];
  const saved = new Set<Txid>();
  let hasOrders = false;
  for (let first = 0; first < sightings.length; first += page) {
    enterStep(step);
    const ofPage = sightings.slice(first, first + page);
    const unsaved = ofPage.map(({ match }) => match).filter(({ outPoint }) => !saved.has(outPoint.txid));
    const recorded = await store.transaction(async (tx) => {
      await refuseIfMoved(tx, undo, apply);
      const stored = await recordPage(tx, ofPage, { readAt, now: clock.now(), rates });
      return { ...stored, spent: await saveTransactions(tx, unsaved, mempool?.ancestors ?? new Map(), readAt) };
    });
    for (const { outPoint } of unsaved) saved.add(outPoint.txid);
    for (const outPoint of recorded.outPoints) outputs.add(outPointKey(outPoint));
    moved.push(...recorded.moved);
    hasOrders ||= recorded.orderIds.size > 0;
    spends(recorded.spent);
    await assigned(recorded.assigned);
  }
  return { outputs, hasOrders, moved };
}

interface RecordedPage {
  readonly outPoints: readonly OutPoint[];
  readonly orderIds: ReadonlySet<OrderId>;
  readonly moved: readonly MovedPayment[];
  readonly assigned: Assigned;
}

async function recordPage(
  tx: StoreTransaction,
  sightings: readonly Sighting[],
  { rates, ...at }: { readonly readAt: EpochMs; readonly now: EpochMs; readonly rates: RateSource | undefined },
): Promise<RecordedPage> {
  const keys = new Set(sightings.map(({ match }) => outPointKey(match.outPoint)));
  const txids = [...new Set(sightings.map(({ match }) => match.outPoint.txid))];
  const stored = [...(await tx.orders.paymentsIn(txids)), ...(await tx.unassigned.paymentsIn(txids))];
  const known = stored.filter(({ outPoint }) => keys.has(outPointKey(outPoint)));
  const knownKeys = new Set(known.map(({ outPoint }) => outPointKey(outPoint)));
  const unknown = sightings
    .filter(({ match }) => !knownKeys.has(outPointKey(match.outPoint)))
    .map(({ match }) => ({ match, place: { kind: 'mempool' } as const }));
  const assigned = await assignSightings(tx, unknown, { ...at, keepsPlaces: true });
  await noticeUnassigned(tx, assigned.newlyUnassigned, at.now);
  const rateOf = await ratesAtPayment(
    tx,
    assigned.toOrders.map(({ orderId }) => orderId),
    rates,
  );
  for (const { orderId, sighting } of assigned.toOrders) {
    const { outPoint, amount, normalizedTxid } = sighting.match;
    const payment = { orderId, outPoint, amount, normalizedTxid, firstSeenAt: at.readAt, place: sighting.place };
    await tx.orders.recordPayment({ ...payment, rate: rateOf(orderId) });
  }
  const orderIds = new Set([
    ...assigned.toOrders.map(({ orderId }) => orderId),
    ...known.flatMap(({ orderId }) => orderId ?? []),
  ]);
  await tx.orders.watch([...orderIds]);
  const outPoints = [
    ...known.map(({ outPoint }) => outPoint),
    ...assigned.toOrders.map(({ sighting }) => sighting.match.outPoint),
    ...assigned.newlyUnassigned.map(({ outPoint }) => outPoint),
  ];
  return { outPoints, orderIds, moved: seenAgain(known, sightings), assigned };
}
