/**
 * Stores the payments of a large step of the chain ahead of the step, in pages, each in a transaction of its own. The step's own
 * transaction, which moves the position in the chain, then has to set their places only.
 *
 * Ahead of it, a payment that was not known is stored as one that has been seen and is in no block. That is true whatever follows: if the
 * process is killed, or the block is replaced before its step is stored, the payment is one of those that are looked for in the mempool
 * when the tip is reached. Nothing that is stored already is changed, except that its order is marked to be judged at the tip.
 *
 * A step that rolls blocks back differs in two ways, because these blocks are still stored ahead of it:
 * - Payments in them that are older than their orders are found first (`assign-rolled-back.ts`), on every page before its own payments,
 *   and are stored in these blocks.
 * - A new payment of an order that has a payment in these blocks is left to the step. It may spend the same coins, and the order must never
 *   count both.
 */
import type { ChainChange } from '../../chain/chain-change.ts';
import type { Match } from '../../chain/view/match.ts';
import { outPointKey, type OutPoint, type Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { currentStep, enterStep, type Step } from '../../kernel/thread/steps.ts';
import type { RateSource } from '../../rates/source.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';
import { assignRolledBack, rolledBackIn, type RolledBack } from './assign-rolled-back.ts';
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
  /** The transactions that are stored. */
  readonly transactions: ReadonlySet<Txid>;
  /** Whether orders were marked to be judged. */
  readonly hasOrders: boolean;
  /** Payments that were missing and are seen again. */
  readonly moved: readonly MovedPayment[];
}

const NOTHING_RECORDED: RecordedFirst = { outputs: new Set(), transactions: new Set(), hasOrders: false, moved: [] };

export interface RecordOptions {
  /** Receives the outputs that the payments spend, once they are stored. */
  readonly spends: (outPoints: readonly OutPoint[]) => void;
  /** Called with what each page has assigned, once it is stored. */
  readonly assigned: (assigned: Assigned) => Promise<void>;
  /** Whether an output is no business of ours, so that its transaction is not stored. */
  readonly isForeign: (match: Match) => boolean;
  /** Default: {@link RECORD_PAGES}. */
  readonly pages?: RecordPages | undefined;
  /** The rates to store with new payments. */
  readonly rates?: RateSource | undefined;
}

export async function recordFirst(
  context: StoreContext,
  sightings: readonly Sighting[],
  change: ChainChange,
  { pages: { moreThan, page } = RECORD_PAGES, ...options }: RecordOptions,
): Promise<RecordedFirst> {
  const rolledBack = rolledBackIn(change.undo);
  if (sightings.length + rolledBack.length <= moreThan) return NOTHING_RECORDED;
  const recorder = new Recorder(context, change, options, await contestedOrders(context, change.undo));
  for (let first = 0; first < rolledBack.length; first += page) await recorder.record([], rolledBack.slice(first, first + page));
  const undone = new Map(rolledBack.map((one) => [outPointKey(one.match.outPoint), one]));
  for (let first = 0; first < sightings.length; first += page) {
    const ofPage = sightings.slice(first, first + page);
    // An order may have been created since the pages of the rolled back blocks.
    await recorder.record(
      ofPage,
      ofPage.flatMap(({ match }) => undone.get(outPointKey(match.outPoint)) ?? []),
    );
  }
  return recorder;
}

/** The orders with payments in blocks that are rolled back, or with payments that these blocks have replaced. */
async function contestedOrders({ store }: StoreContext, undo: ChainChange['undo']): Promise<ReadonlySet<OrderId>> {
  if (undo.length === 0) return new Set();
  const payments = await store.orders.paymentsIn(await store.orders.txidsInBlocks(undo));
  return new Set(payments.flatMap(({ orderId }) => orderId ?? []));
}

class Recorder implements RecordedFirst {
  readonly outputs: Set<string> = new Set();
  readonly transactions: Set<Txid> = new Set();
  readonly moved: MovedPayment[] = [];
  hasOrders = false;
  readonly #context: StoreContext;
  readonly #change: ChainChange;
  readonly #options: Omit<RecordOptions, 'pages'>;
  readonly #contested: ReadonlySet<OrderId>;
  readonly #step: Step | undefined = currentStep();

  constructor(
    context: StoreContext,
    change: ChainChange,
    options: Omit<RecordOptions, 'pages'>,
    contested: ReadonlySet<OrderId>,
  ) {
    this.#context = context;
    this.#change = change;
    this.#options = options;
    this.#contested = contested;
  }

  /** Records a page in a transaction of its own. */
  async record(sightings: readonly Sighting[], rolledBack: readonly RolledBack[]): Promise<void> {
    enterStep(this.#step);
    const { store, clock } = this.#context;
    const { mempool, readAt } = this.#change;
    const unsaved = [...sightings, ...rolledBack]
      .map(({ match }) => match)
      .filter((match) => !this.transactions.has(match.outPoint.txid) && !this.#options.isForeign(match));
    const recorded = await store.transaction(async (tx) => {
      await refuseIfMoved(tx, this.#change);
      const stored = await recordPage(tx, sightings, rolledBack, {
        readAt,
        now: clock.now(),
        contested: this.#contested,
        rates: this.#options.rates,
      });
      return { ...stored, spent: await saveTransactions(tx, unsaved, mempool?.ancestors ?? new Map(), readAt) };
    });
    for (const { outPoint } of unsaved) this.transactions.add(outPoint.txid);
    for (const outPoint of recorded.outPoints) this.outputs.add(outPointKey(outPoint));
    this.moved.push(...recorded.moved);
    this.hasOrders ||= recorded.orderIds.size > 0;
    this.#options.spends(recorded.spent);
    await this.#options.assigned(recorded.assigned);
  }
}

interface RecordedPage {
  readonly outPoints: readonly OutPoint[];
  readonly orderIds: ReadonlySet<OrderId>;
  readonly moved: readonly MovedPayment[];
  readonly assigned: Assigned;
}

interface RecordPageOptions {
  readonly readAt: EpochMs;
  readonly now: EpochMs;
  readonly contested: ReadonlySet<OrderId>;
  readonly rates: RateSource | undefined;
}

async function recordPage(
  tx: StoreTransaction,
  sightings: readonly Sighting[],
  rolledBack: readonly RolledBack[],
  { rates, contested, ...at }: RecordPageOptions,
): Promise<RecordedPage> {
  const older = await assignRolledBack(tx, rolledBack, at.readAt);
  const keys = new Set(sightings.map(({ match }) => outPointKey(match.outPoint)));
  const txids = [...new Set(sightings.map(({ match }) => match.outPoint.txid))];
  const stored = [...(await tx.orders.paymentsIn(txids)), ...(await tx.unassigned.paymentsIn(txids))];
  const known = stored.filter(({ outPoint }) => keys.has(outPointKey(outPoint)));
  const knownKeys = new Set(known.map(({ outPoint }) => outPointKey(outPoint)));
  const unknown = sightings
    .filter(({ match }) => !knownKeys.has(outPointKey(match.outPoint)))
    .map(({ match }) => ({ match, place: { kind: 'mempool' } as const }));
  const assigned = await assignSightings(tx, unknown, { ...at, keepsPlaces: true });
  const toOrders = assigned.toOrders.filter(({ orderId }) => !contested.has(orderId));
  const rateOf = await ratesAtPayment(
    tx,
    toOrders.map(({ orderId }) => orderId),
    rates,
  );
  for (const { orderId, sighting } of toOrders) {
    const { outPoint, amount, normalizedTxid } = sighting.match;
    const payment = { orderId, outPoint, amount, normalizedTxid, firstSeenAt: at.readAt, place: sighting.place };
    await tx.orders.recordPayment({ ...payment, rate: rateOf(orderId) });
  }
  const orderIds = new Set([...toOrders.map(({ orderId }) => orderId), ...known.flatMap(({ orderId }) => orderId ?? [])]);
  await tx.orders.watch([...orderIds]);
  const outPoints = [
    ...known.map(({ outPoint }) => outPoint),
    ...toOrders.map(({ sighting }) => sighting.match.outPoint),
    ...assigned.newlyUnassigned.map(({ outPoint }) => outPoint),
  ];
  const newlyUnassigned = [...older, ...assigned.newlyUnassigned];
  await noticeUnassigned(tx, newlyUnassigned, at.now);
  return { outPoints, orderIds, moved: seenAgain(known, sightings), assigned: { ...assigned, newlyUnassigned } };
}
