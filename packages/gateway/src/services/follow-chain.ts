/**
 * Stores each step of the chain with all that follows from it: the position, the places of payments, and at the tip the
 * orders' states and the callbacks that tell of them, in one transaction.
 */
import type { ChainChange } from '../chain/chain-change.ts';
import type { ChainFollower } from '../chain/watcher.ts';
import type { Match } from '../chain/view/match.ts';
import type { BlockRef } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { PaymentPlace } from '../orders/order.ts';
import { settle } from '../orders/settle.ts';
import type { StoreTransaction } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';
import { saveSettled } from './save-settled.ts';

/** How many blocks are remembered, and so how deep a reorganisation may go. */
const REMEMBERED_BLOCKS = 400;

export class ChainFollowing implements ChainFollower {
  readonly #context: ServiceContext;
  /** Whether orders have been judged at the tip that is stored: not so after a start, nor after blocks were put in place only. */
  #judgedAtTip = false;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  recentBlocks(): Promise<readonly BlockRef[]> {
    return this.#context.store.chain.recent(REMEMBERED_BLOCKS);
  }

  nextDeadline(): Promise<EpochMs | undefined> {
    return this.#context.store.orders.nextDeadline();
  }

  async apply(change: ChainChange): Promise<void> {
    const tipMoved = change.undo.length > 0 || change.apply.length > 0;
    if (tipMoved) this.#judgedAtTip = false;
    const { callbacks, judged } = await this.#context.store.transaction(async (tx) => {
      const touched = new Set([...(await this.#moveChain(tx, change)), ...(await this.#place(tx, change))]);
      if (change.mempool !== undefined) return this.#judge(tx, change.readAt, touched);
      await tx.orders.watch([...touched]);
      return NOTHING_JUDGED;
    });
    if (change.mempool !== undefined) this.#judgedAtTip = true;
    if (callbacks > 0) this.#context.callbacksStored();
    this.#context.ordersChanged(judged);
  }

  async #moveChain(tx: StoreTransaction, { undo, apply }: ChainChange): Promise<OrderId[]> {
    const touched: OrderId[] = [];
    for (const block of undo) touched.push(...(await tx.orders.undoBlock(block)));
    const lowest = undo.at(-1);
    if (lowest !== undefined) await tx.chain.undoFrom(lowest.height);
    await tx.chain.append(apply);
    const tip = apply.at(-1);
    if (tip !== undefined) await tx.chain.prune(tip.height - REMEMBERED_BLOCKS + 1);
    return touched;
  }

  /** Puts payments where the chain has them, and answers the orders that this touches. */
  async #place(tx: StoreTransaction, { readAt, apply, mempool }: ChainChange): Promise<OrderId[]> {
    const sightings = [
      ...(mempool?.matches ?? []).map((match) => ({ match, place: { kind: 'mempool' } satisfies PaymentPlace })),
      ...apply.flatMap(({ height, hash, matches }) =>
        matches.map((match) => ({ match, place: { kind: 'block', height, hash } as const })),
      ),
    ];
    const touched = await this.#placeSightings(tx, sightings, readAt);
    if (mempool !== undefined) {
      for (const { outPoint, orderId } of await tx.orders.mempoolPayments()) {
        if (mempool.has(outPoint.txid)) continue;
        await tx.orders.setPlace(outPoint, { kind: 'gone' });
        touched.push(orderId);
      }
    }
    return touched;
  }

  async #placeSightings(
    tx: StoreTransaction,
    sightings: readonly { match: Match; place: PaymentPlace }[],
    readAt: EpochMs,
  ): Promise<OrderId[]> {
    if (sightings.length === 0) return [];
    const owners = await tx.orders.idsByScript([...new Set(sightings.map(({ match }) => match.script))]);
    const touched: OrderId[] = [];
    for (const { match, place } of sightings) {
      const orderId = owners.get(match.script);
      // The index in memory may hold a script whose order was never stored; the store has the last word.
      if (orderId === undefined) continue;
      const { outPoint, amount, normalizedTxid } = match;
      await tx.orders.placePayment({ orderId, outPoint, amount, normalizedTxid, firstSeenAt: readAt, place });
      touched.push(orderId);
    }
    return touched;
  }

  /** Judges every order that may have changed. */
  async #judge(tx: StoreTransaction, readAt: EpochMs, touched: Set<OrderId>): Promise<Judged> {
    const tip = await tx.chain.tip();
    if (tip === undefined) return NOTHING_JUDGED;
    const ids = new Set([...touched, ...(await tx.orders.dueIds(readAt))]);
    if (!this.#judgedAtTip) for (const id of await tx.orders.watchedIds()) ids.add(id);
    const at = { tipHeight: tip.height, now: this.#context.clock.now(), chainReadAt: readAt };
    let callbacks = 0;
    for (const order of await tx.orders.lockMany([...ids])) {
      callbacks += await saveSettled(this.#context, tx, settle(order, at), at);
    }
    return { callbacks, judged: ids };
  }
}

interface Judged {
  /** How many callbacks are to be sent. */
  readonly callbacks: number;
  readonly judged: ReadonlySet<OrderId>;
}

const NOTHING_JUDGED: Judged = { callbacks: 0, judged: new Set() };
