/**
 * Stores each step of the chain in one transaction: the position and the places of payments. At the tip it also judges the orders that
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
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { WatchedAddresses } from '../addresses/watched-addresses.ts';
import type { OrderChangeContext } from '../context.ts';
import { assignRolledBack } from './assign-rolled-back.ts';
import { assignSightings, type Assigned, type Sighting } from './assign-sightings.ts';
import { JUDGE_PAGE, NOTHING_JUDGED, OrderJudge, type JudgedPage } from './judge-orders.ts';
import { KnownBlocks } from './known-blocks.ts';
import { logMovedPayments } from './log-moved.ts';
import { placeReplacedInBlocks, placeUnconfirmed, type MovedPayment } from './place-unconfirmed.ts';
import { saveTransactions } from './save-transactions.ts';

/** How many blocks are stored: the depth of the longest reorganisation that the gateway can follow. */
export const STORED_BLOCKS = 400;

const STORE_CHAIN = stepOf('store chain');

export interface FollowingOptions {
  /** Receives the outputs that payments spend, before the next block is read. */
  readonly outPoints: OutPointIndex;
  /** How long a payment may be missing, in milliseconds. */
  readonly missingTimeoutMs: number;
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
  readonly #known = new KnownBlocks(STORED_BLOCKS);

  constructor(context: OrderChangeContext, watched: WatchedAddresses, options: FollowingOptions) {
    this.#context = context;
    this.#options = options;
    this.#watched = watched;
    this.#judge = new OrderJudge(context);
  }

  prepare(signal: AbortSignal): Promise<void> {
    return this.#watched.prepare(signal);
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
    const { orders, unassigned } = this.#context.store;
    const txids = new Set<Txid>();
    for (const payments of [orders, unassigned]) {
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
    const { judged, assigned } = await this.#context.store.transaction(async (tx) => {
      const rolledBack = await this.#moveChain(tx, change);
      const { touched: placed, assigned } = await this.#placeSeen(tx, change, moved);
      moved.push(...(await this.#placeUnconfirmed(tx, change)));
      const touched = new Set([...rolledBack, ...placed, ...moved.flatMap(({ orderId }) => orderId ?? [])]);
      return { judged: await this.#judgeTouched(tx, change, touched), assigned };
    });
    this.#known.changed(change.undo, change.apply);
    if (assigned.newlyUnassigned.length > 0 || assigned.skipped.length > 0) await this.#options.unassignedSeen?.(assigned);
    this.#judge.report(judged);
    await this.#judge.judgeRest(change.knownUntil, judged);
    if (change.mempool !== undefined) this.#watched.noteRead();
    if (change.undo.length > 0 || change.apply.length > 0) this.#options.tipMoved?.();
    logMovedPayments(this.#options.log, moved);
    if (moved.some(({ place }) => place.kind === 'missing')) this.#options.paymentsMissing?.();
  }

  /** At the tip, judges the touched orders: in this transaction if they fit into one page, otherwise in pages after it. */
  async #judgeTouched(tx: StoreTransaction, change: ChainChange, touched: ReadonlySet<OrderId>): Promise<JudgedPage> {
    const isAtTip = change.mempool !== undefined;
    if (isAtTip && touched.size <= JUDGE_PAGE) return this.#judge.judgePage(tx, change.knownUntil, touched);
    await tx.orders.watch([...touched]);
    return { ...NOTHING_JUDGED, hasMore: isAtTip };
  }

  /** Rolls back and appends blocks. Returns the orders with payments in blocks that were rolled back. */
  async #moveChain(tx: StoreTransaction, { undo, apply }: ChainChange): Promise<OrderId[]> {
    await refuseIfMoved(tx, undo, apply);
    const touched: OrderId[] = [];
    for (const block of undo) {
      touched.push(...(await tx.orders.rollBackBlock(block)));
      await tx.unassigned.rollBackBlock(block);
    }
    const lowest = undo.at(-1);
    if (lowest !== undefined) await tx.chain.rollBackFrom(lowest.height);
    await tx.chain.append(apply);
    const tip = apply.at(-1);
    if (tip !== undefined) await tx.chain.prune(tip.height - STORED_BLOCKS + 1);
    const [highest] = undo;
    // With a lower tip, payments in the remaining blocks have fewer confirmations.
    if (highest !== undefined && (tip?.height ?? 0) < highest.height) await tx.orders.watchAgain();
    return touched;
  }

  /** Stores the outputs that were seen, and their places. Returns the orders that they pay, and the unassigned ones. */
  async #placeSeen(
    tx: StoreTransaction,
    { readAt, undo, apply, again, mempool }: ChainChange,
    moved: MovedPayment[],
  ): Promise<{ readonly touched: OrderId[]; readonly assigned: Assigned }> {
    const sightings: Sighting[] = [
      ...(mempool?.matches ?? []).map((match) => ({ match, place: { kind: 'mempool' } as const })),
      ...[...again, ...apply].flatMap(({ height, hash, matches }) =>
        matches.map((match) => ({ match, place: { kind: 'block', height, hash } as const })),
      ),
    ];
    moved.push(...(await seenAgain(tx, sightings)));
    const older = await assignRolledBack(tx, undo, readAt);
    const assigned = await assignSightings(tx, sightings, { readAt, now: this.#context.clock.now() });
    const touched: OrderId[] = [];
    for (const { orderId, sighting } of assigned.toOrders) {
      const { outPoint, amount, normalizedTxid } = sighting.match;
      await tx.orders.placePayment({ orderId, outPoint, amount, normalizedTxid, firstSeenAt: readAt, place: sighting.place });
      touched.push(orderId);
    }
    const matches = [...undo.flatMap((block) => block.matches), ...sightings.map(({ match }) => match)];
    const spent = await saveTransactions(tx, matches, mempool?.ancestors ?? new Map(), readAt);
    for (const outPoint of spent) this.#options.outPoints.add(outPoint);
    return { touched, assigned: { ...assigned, newlyUnassigned: [...older, ...assigned.newlyUnassigned] } };
  }

  /** Updates the places of payments that are in no block. Call it after the outputs that were seen are stored. */
  async #placeUnconfirmed(tx: StoreTransaction, change: ChainChange): Promise<MovedPayment[]> {
    const { apply, mempool } = change;
    const replaced = await placeReplacedInBlocks(tx, apply);
    if (mempool === undefined) return replaced;
    return [...replaced, ...(await placeUnconfirmed(tx, mempool, change, this.#options.missingTimeoutMs))];
  }
}

/**
 * Refuses a step that does not continue the stored chain, because another process or an operator has moved it since it was read.
 *
 * @throws Error if it does not. The next round reads where the chain is now.
 */
async function refuseIfMoved({ chain }: StoreTransaction, undo: ChainChange['undo'], apply: ChainChange['apply']): Promise<void> {
  const expected = undo[0]?.hash ?? apply[0]?.previous;
  if (expected === undefined) return;
  const tip = await chain.tip();
  if (tip === undefined ? undo.length === 0 : tip.hash === expected) return;
  throw new Error(`the stored chain has moved meanwhile: expected its tip to be ${expected}, got ${tip?.hash ?? 'no block'}`);
}

/** Returns the payments among the sightings that were missing. */
async function seenAgain(tx: StoreTransaction, sightings: readonly Sighting[]): Promise<MovedPayment[]> {
  const places = new Map(sightings.map(({ match, place }) => [outPointKey(match.outPoint), place]));
  const txids = [...new Set(sightings.map(({ match }) => match.outPoint.txid))];
  const known = [...(await tx.orders.paymentsIn(txids)), ...(await tx.unassigned.paymentsIn(txids))];
  return known.flatMap(({ outPoint, orderId, place: before }) => {
    const place = places.get(outPointKey(outPoint));
    return before.kind === 'missing' && place !== undefined ? [{ outPoint, orderId, before, place }] : [];
  });
}
