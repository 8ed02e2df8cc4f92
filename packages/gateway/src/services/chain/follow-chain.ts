/**
 * Stores each step of the chain in one transaction: the position and the places of payments. If these are many, they are stored ahead of
 * it, in pages (`record-first.ts`), and the transaction only sets their places. At the tip it also judges the orders that
 * the step may have changed (`judge-orders.ts`).
 */
import type { ChainChange } from '../../chain/chain-change.ts';
import type { OutPointIndex } from '../../chain/out-point-index.ts';
import type { Match } from '../../chain/view/match.ts';
import type { ChainFollower } from '../../chain/watcher.ts';
import { outPointKey, type BlockRef, type OutPoint, type Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { enterStep, stepOf } from '../../kernel/thread/steps.ts';
import type { RateSource } from '../../rates/source.ts';
import { isTurnLong, nextTurn } from '../../kernel/thread/turns.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { PaymentPlaces } from '../../store/ports/payment-places.ts';
import type { WatchedAddresses } from '../addresses/watched-addresses.ts';
import type { OrderChangeContext } from '../context.ts';
import { assignRolledBack, rolledBackIn } from './assign-rolled-back.ts';
import { judgeRefunds } from '../refunds/judge-refunds.ts';
import type { WatchedRefunds } from '../refunds/watched-refunds.ts';
import { assignSightings, seenAgain, type Assigned, type Sighting } from './assign-sightings.ts';
import { JUDGE_PAGE, NOTHING_JUDGED, OrderJudge, type JudgedPage } from './judge-orders.ts';
import { KnownBlocks } from './known-blocks.ts';
import { logMovedPayments } from './log-moved.ts';
import { noticeReorganisation, noticeUnassigned } from './chain-notices.ts';
import { placeReplacedInBlocks, placeUnconfirmed, type MovedPayment } from './place-unconfirmed.ts';
import { ratesAtPayment } from './rates-at-payment.ts';
import { recordFirst, type RecordPages, type RecordedFirst } from './record-first.ts';
import { refuseIfMoved } from './refuse-if-moved.ts';
import { saveTransactions } from './save-transactions.ts';

/** How many blocks are stored: the depth of the longest reorganisation that the gateway can follow. */
export const STORED_BLOCKS = 400;

const STORE_CHAIN = stepOf('store chain');

export interface FollowingOptions {
  /** Receives the outputs that payments spend, before the next block is read. */
  readonly outPoints: OutPointIndex;
  /** How long a payment may be missing, in milliseconds. */
  readonly missingTimeoutMs: number;
  /** Which steps record their payments ahead. */
  readonly recordPages?: RecordPages | undefined;
  /** The rates to store with new payments. Default: none are stored. */
  readonly rates?: RateSource | undefined;
  readonly log: LoopLog;
  /** Called with new unassigned payments and the index ranges that they skipped, after they are stored. */
  readonly unassignedSeen?: (seen: Pick<Assigned, 'newlyUnassigned' | 'skipped'>) => void | Promise<void>;
  /** Called when payments have become missing, after that is stored. */
  readonly paymentsMissing?: () => void;
  /** Called when the tip of the chain has changed, after the orders are judged. */
  readonly tipMoved?: () => void;
}

export class ChainFollowing implements ChainFollower {
  readonly #context: OrderChangeContext;
  readonly #options: FollowingOptions;
  readonly #judge: OrderJudge;
  readonly #watched: WatchedAddresses;
  readonly #refunds: WatchedRefunds;
  readonly #known = new KnownBlocks(STORED_BLOCKS);

  constructor(context: OrderChangeContext, watched: WatchedAddresses, refunds: WatchedRefunds, options: FollowingOptions) {
    this.#context = context;
    this.#options = options;
    this.#watched = watched;
    this.#refunds = refunds;
    this.#judge = new OrderJudge(context);
  }

  async prepare(signal: AbortSignal): Promise<void> {
    await this.#watched.prepare(signal);
    await this.#refunds.prepare(signal);
  }

  widen(matches: readonly Match[], signal: AbortSignal): Promise<boolean> {
    return this.#watched.widen(matches, signal);
  }

  recentBlocks(): Promise<readonly BlockRef[]> {
    return this.#known.read(this.#context.store.chain);
  }

  nextDeadline(): Promise<EpochMs | undefined> {
    return this.#context.store.orders.nextDeadline();
  }

  async unconfirmed(undo: readonly BlockRef[]): Promise<readonly Txid[]> {
    const txids = new Set<Txid>();
    for (const payments of this.#places(this.#context.store)) {
      for (const { outPoint } of await payments.unconfirmedPayments()) txids.add(outPoint.txid);
      for (const txid of await payments.txidsInBlocks(undo)) txids.add(txid);
    }
    return [...txids];
  }

  async inputsOf(txids: readonly Txid[]): Promise<readonly OutPoint[]> {
    return [...(await this.#context.store.transactions.spends(txids)).values()].flatMap(({ outPoints }) => outPoints);
  }

  async apply(change: ChainChange): Promise<void> {
    enterStep(STORE_CHAIN);
    const moved: MovedPayment[] = [];
    const sightings = sightingsOf(change);
    const ahead = await this.#recordFirst(sightings, change);
    enterStep(STORE_CHAIN);
    moved.push(...ahead.moved);
    const { judged, assigned } = await this.#context.store.transaction(async (tx) => {
      await refuseIfMoved(tx, change);
      const older = await assignRolledBack(tx, rolledBackIn(change.undo), change.readAt);
      const rolledBack = await this.#moveChain(tx, change);
      await setPlaces(
        tx,
        sightings.filter(({ match }) => ahead.outputs.has(outPointKey(match.outPoint))),
      );
      const others = sightings.filter(({ match }) => !ahead.outputs.has(outPointKey(match.outPoint)));
      const { touched: placed, assigned } = await this.#placeSeen(tx, change, others, ahead, moved);
      moved.push(...(await this.#placeUnconfirmed(tx, change)));
      await this.#markRefunds(tx, moved);
      const touched = new Set([...rolledBack, ...placed, ...moved.flatMap(({ orderId }) => orderId ?? [])]);
      const newlyUnassigned = [...older, ...assigned.newlyUnassigned];
      await noticeUnassigned(tx, newlyUnassigned, this.#context.clock.now());
      return { judged: await this.#judgeTouched(tx, change, touched, ahead), assigned: { ...assigned, newlyUnassigned } };
    });
    this.#known.changed(change.undo, change.apply);
    await this.#reportAssigned(assigned);
    this.#judge.report(judged);
    await this.#judge.judgeRest(change.knownUntil, judged);
    if (change.mempool !== undefined && !this.#refunds.isEmpty) await judgeRefunds(this.#context);
    if (change.mempool !== undefined) this.#watched.noteRead();
    if (change.undo.length > 0 || change.apply.length > 0) this.#options.tipMoved?.();
    logMovedPayments(this.#options.log, moved);
    if (moved.some(({ place }) => place.kind === 'missing')) this.#options.paymentsMissing?.();
  }

  #recordFirst(sightings: readonly Sighting[], change: ChainChange): Promise<RecordedFirst> {
    return recordFirst(this.#context, sightings, change, {
      spends: (outPoints) => this.#watchSpends(outPoints),
      assigned: (assigned) => this.#reportAssigned(assigned),
      isForeign: (match) => this.#refunds.isForeign(match),
      pages: this.#options.recordPages,
      rates: this.#options.rates,
    });
  }

  async #reportAssigned(assigned: Assigned): Promise<void> {
    if (assigned.newlyUnassigned.length > 0 || assigned.skipped.length > 0) await this.#options.unassignedSeen?.(assigned);
  }

  #watchSpends(outPoints: readonly OutPoint[]): void {
    for (const outPoint of outPoints) this.#options.outPoints.add(outPoint);
  }

  /** At the tip, judges the touched orders: in this transaction if they fit into one page, otherwise in pages after it. */
  async #judgeTouched(
    tx: StoreTransaction,
    change: ChainChange,
    touched: ReadonlySet<OrderId>,
    ahead: RecordedFirst,
  ): Promise<JudgedPage> {
    const isAtTip = change.mempool !== undefined;
    if (isAtTip && !ahead.hasOrders && touched.size <= JUDGE_PAGE) return this.#judge.judgePage(tx, change.knownUntil, touched);
    await tx.orders.watch([...touched]);
    return { ...NOTHING_JUDGED, hasMore: isAtTip };
  }

  /** Rolls back and appends blocks. Returns the orders with payments in blocks that were rolled back. */
  async #moveChain(tx: StoreTransaction, { undo, apply }: ChainChange): Promise<OrderId[]> {
    const touched: OrderId[] = [];
    for (const block of undo) {
      touched.push(...(await tx.orders.rollBackBlock(block)));
      await tx.unassigned.rollBackBlock(block);
      if (!this.#refunds.isEmpty) await tx.refunds.mark(await tx.payouts.rollBackBlock(block));
    }
    const lowest = undo.at(-1);
    if (lowest !== undefined) await tx.chain.rollBackFrom(lowest.height);
    await tx.chain.append(apply);
    const tip = apply.at(-1);
    if (tip !== undefined) await tx.chain.prune(tip.height - STORED_BLOCKS + 1);
    const [highest] = undo;
    await noticeReorganisation(tx, undo, this.#context.clock.now());
    // With a lower tip, payments in the remaining blocks have fewer confirmations.
    if (highest !== undefined && (tip?.height ?? 0) < highest.height) {
      await tx.orders.watchAgain();
      await tx.refunds.markAgain();
    }
    return touched;
  }

  /** Stores outputs that were seen, and their places. Returns the orders that they pay, and the unassigned ones. */
  async #placeSeen(
    tx: StoreTransaction,
    { readAt, undo, mempool }: ChainChange,
    sightings: readonly Sighting[],
    ahead: RecordedFirst,
    moved: MovedPayment[],
  ): Promise<{ readonly touched: OrderId[]; readonly assigned: Assigned }> {
    const txids = [...new Set(sightings.map(({ match }) => match.outPoint.txid))];
    const known = [...(await tx.orders.paymentsIn(txids)), ...(await tx.unassigned.paymentsIn(txids))];
    moved.push(...seenAgain(known, sightings));
    const assigned = await assignSightings(tx, sightings, { readAt, now: this.#context.clock.now() });
    const touched: OrderId[] = [];
    const orderIds = assigned.toOrders.map(({ orderId }) => orderId);
    const rateOf = await ratesAtPayment(tx, orderIds, this.#options.rates);
    for (const { orderId, sighting } of assigned.toOrders) {
      const { outPoint, amount, normalizedTxid } = sighting.match;
      const payment = { orderId, outPoint, amount, normalizedTxid, firstSeenAt: readAt, place: sighting.place };
      await tx.orders.placePayment({ ...payment, rate: rateOf(orderId) });
      touched.push(orderId);
    }
    await this.#placePayouts(tx, sightings, readAt);
    const matches = [...undo.flatMap((block) => block.matches), ...sightings.map(({ match }) => match)].filter(
      (match) => !ahead.transactions.has(match.outPoint.txid) && !this.#refunds.isForeign(match),
    );
    const spent = await saveTransactions(tx, matches, mempool?.ancestors ?? new Map(), readAt);
    this.#watchSpends(spent);
    return { touched, assigned };
  }

  /** Stores outputs that pay refunds, and their places. */
  async #placePayouts(tx: StoreTransaction, sightings: readonly Sighting[], readAt: EpochMs): Promise<void> {
    const payouts = this.#refunds.isEmpty ? [] : sightings.filter(({ match }) => this.#refunds.isPayout(match));
    for (const { match, place } of payouts) {
      const { outPoint, script, amount } = match;
      if (isTurnLong()) await nextTurn();
      await tx.payouts.place({ outPoint, script, amount, firstSeenAt: readAt, place });
    }
    await tx.refunds.mark([...new Set(payouts.map(({ match }) => match.script))]);
  }

  /** Marks the refunds whose payments have moved. */
  async #markRefunds(tx: StoreTransaction, moved: readonly MovedPayment[]): Promise<void> {
    if (this.#refunds.isEmpty || moved.length === 0) return;
    await tx.refunds.mark(await tx.payouts.scriptsOf(moved.map(({ outPoint }) => outPoint)));
  }

  /** Whose places follow the chain. */
  #places(store: Pick<StoreTransaction, 'orders' | 'unassigned' | 'payouts'>): readonly PaymentPlaces[] {
    const { orders, unassigned, payouts } = store;
    return this.#refunds.isEmpty ? [orders, unassigned] : [orders, unassigned, payouts];
  }

  /** Updates the places of payments that are in no block. Call it after the outputs that were seen are stored. */
  async #placeUnconfirmed(tx: StoreTransaction, change: ChainChange): Promise<MovedPayment[]> {
    const { apply, mempool } = change;
    const places = this.#places(tx);
    const replaced = await placeReplacedInBlocks(tx, places, apply);
    if (mempool === undefined) return replaced;
    return [...replaced, ...(await placeUnconfirmed(tx, places, mempool, change, this.#options.missingTimeoutMs))];
  }
}

/** Returns the outputs that a step has seen, those in blocks last. */
function sightingsOf({ apply, again, mempool }: ChainChange): Sighting[] {
  return [
    ...(mempool?.matches ?? []).map((match) => ({ match, place: { kind: 'mempool' } as const })),
    ...[...again, ...apply].flatMap(({ height, hash, matches }) =>
      matches.map((match) => ({ match, place: { kind: 'block', height, hash } as const })),
    ),
  ];
}

/** Sets the places of outputs that were recorded ahead. */
async function setPlaces(tx: StoreTransaction, sightings: readonly Sighting[]): Promise<void> {
  const byPlace = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const key = sighting.place.kind === 'block' ? sighting.place.hash : sighting.place.kind;
    const same = byPlace.get(key);
    if (same === undefined) byPlace.set(key, [sighting]);
    else same.push(sighting);
  }
  for (const same of byPlace.values()) {
    const [{ place }] = same as [Sighting, ...Sighting[]];
    const outPoints = same.map(({ match }) => match.outPoint);
    for (const payments of [tx.orders, tx.unassigned]) await payments.setPlaces(outPoints, place);
  }
}
