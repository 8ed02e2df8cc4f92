/**
 * Orders and the chain's tip as they were read last, kept for as long as nobody can have changed them: shops ask for the same
 * order again and again. All is forgotten when this store has changed an order or the chain, and when the database tells that
 * another connection has changed anything. What was read before a change is not kept after it.
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { CachedReads } from '../ports/cached-reads.ts';

/** About 2 kB each. */
const MAX_ORDERS = 2_000;

export class ReadCache implements CachedReads {
  readonly #commitsOfOthers: () => number;
  readonly #orders = new BoundedCache<OrderId, Order>({ maxEntries: MAX_ORDERS, evict: 'oldest' });
  #tip: BlockRef | undefined;
  #seenOfOthers: number | undefined;
  #changes = 0;

  /** @param commitsOfOthers A number that is another one when something may have been changed over other connections. */
  constructor(commitsOfOthers: () => number) {
    this.#commitsOfOthers = commitsOfOthers;
  }

  order(id: OrderId): Order | undefined {
    this.#evictOld();
    return this.#orders.get(id);
  }

  tip(): BlockRef | undefined {
    this.#evictOld();
    return this.#tip;
  }

  /** Taken before something is read, and given with it when it is to be kept. */
  ticket(): number {
    this.#evictOld();
    return this.#changes;
  }

  keepOrder(order: Order, ticket: number): void {
    if (ticket === this.ticket()) this.#orders.set(order.terms.id, order);
  }

  keepTip(tip: BlockRef, ticket: number): void {
    if (ticket === this.ticket()) this.#tip = tip;
  }

  /** An order or the chain has been changed, or may have been. */
  changed(): void {
    this.#changes += 1;
    this.#orders.clear();
    this.#tip = undefined;
  }

  #evictOld(): void {
    const commits = this.#commitsOfOthers();
    if (commits === this.#seenOfOthers) return;
    this.#seenOfOthers = commits;
    this.changed();
  }
}
