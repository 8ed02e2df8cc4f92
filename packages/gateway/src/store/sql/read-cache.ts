/**
 * Caches orders and the tip, because shops ask for the same order again and again. Everything is invalidated when this store changes an
 * order or the chain, and when the database reports a commit by another connection. A value that was read before such a change is not
 * cached after it.
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { CachedReads } from '../ports/cached-reads.ts';

/** Each takes about 2 kB. */
export const MAX_CACHED_ORDERS = 2_000;

/** A cache as the entities of the store fill and invalidate it. */
export interface FilledCache extends CachedReads {
  /** Returns a ticket to take before a read. The value is cached only if nothing has changed since. */
  ticket(): number;
  /** The cached tip, if a query would certainly return the same. */
  currentTip(): BlockRef | undefined;
  cacheOrder(order: Order, ticket: number): void;
  cacheTip(tip: BlockRef, ticket: number): void;
  /** Invalidates everything, because an order or the chain has changed, or may have. */
  changed(): void;
}

export class ReadCache implements FilledCache {
  readonly #commitsOfOthers: () => number;
  readonly #orders = new BoundedCache<OrderId, Order>({ maxEntries: MAX_CACHED_ORDERS, evict: 'oldest' });
  #tip: BlockRef | undefined;
  #lastCommitsOfOthers: number | undefined;
  #changes = 0;

  /** @param commitsOfOthers Returns a number that changes when other connections may have changed something. */
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

  currentTip(): BlockRef | undefined {
    return this.tip();
  }

  ticket(): number {
    this.#evictOld();
    return this.#changes;
  }

  cacheOrder(order: Order, ticket: number): void {
    if (ticket === this.ticket()) this.#orders.set(order.terms.id, order);
  }

  cacheTip(tip: BlockRef, ticket: number): void {
    if (ticket === this.ticket()) this.#tip = tip;
  }

  changed(): void {
    this.#changes += 1;
    this.#orders.clear();
    this.#tip = undefined;
  }

  /** The database reports the commits of others, so there is nothing that it does not know. */
  dropOrders(): void {}

  #evictOld(): void {
    const commits = this.#commitsOfOthers();
    if (commits === this.#lastCommitsOfOthers) return;
    this.#lastCommitsOfOthers = commits;
    this.changed();
  }
}
