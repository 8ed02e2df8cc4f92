/**
 * Caches orders and the tip on a database that other processes change too (docs/adr/0064). A value is served for two seconds after its
 * reading began, and only while notifications of changes arrive. It is dropped by this store's own changes, by notifications, and by
 * the claim of one of the order's callbacks: a shop that reads an order after a callback must not see the state from before it. A value
 * that was read before such a change is not cached after it.
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import { NOTIFICATION_LAG_MS, type Notifications } from '../ports/notifications.ts';
import { MAX_CACHED_ORDERS, type FilledCache } from './read-cache.ts';

/** As long as a POS may be out of date. */
const MAX_AGE_MS = NOTIFICATION_LAG_MS;
/** Of a reading whose value must not be cached. */
const UNTRUSTED = Number.NEGATIVE_INFINITY;

type Trust = Pick<Notifications, 'areTrusted' | 'losses' | 'ordersChanged' | 'tipMoved'>;

interface Entry<Value> {
  readonly value: Value;
  readonly readAtMs: number;
}

export class SharedReadCache implements FilledCache {
  readonly #now: () => number;
  readonly #orders = new BoundedCache<OrderId, Entry<Order>>({ maxEntries: MAX_CACHED_ORDERS, evict: 'oldest' });
  /** When orders were dropped. Forgotten when there are many, and then nothing is cached that is being read. */
  readonly #droppedAtMs = new Map<OrderId, number>();
  #tip: Entry<BlockRef> | undefined;
  #tipDroppedAtMs = UNTRUSTED;
  #changedAtMs = UNTRUSTED;
  #trust: Trust | undefined;
  #losses = 0;

  /** @param now Milliseconds of a monotonic clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Nothing is cached before this. */
  trust(notifications: Trust): void {
    this.#trust = notifications;
    notifications.ordersChanged.on((ids) => (ids === 'all' ? this.changed() : this.dropOrders(ids)));
    notifications.tipMoved.on(() => {
      this.#tip = undefined;
      this.#tipDroppedAtMs = this.#now();
    });
  }

  order(id: OrderId): Order | undefined {
    // First: it drops what may be out of date.
    if (!this.#isTrusted()) return undefined;
    const entry = this.#orders.get(id);
    if (entry === undefined || !this.#isYoung(entry)) return undefined;
    // With an older tip, its payments could be in a block that the tip has not reached.
    return this.#tip === undefined || this.#tip.readAtMs >= entry.readAtMs ? entry.value : undefined;
  }

  tip(): BlockRef | undefined {
    if (!this.#isTrusted()) return undefined;
    return this.#tip !== undefined && this.#isYoung(this.#tip) ? this.#tip.value : undefined;
  }

  /** Another process may have moved the tip a moment ago, and an order that is read now may have a payment in a later block. */
  currentTip(): undefined {
    return undefined;
  }

  ticket(): number {
    return this.#isTrusted() ? this.#now() : UNTRUSTED;
  }

  cacheOrder(order: Order, ticket: number): void {
    const { id } = order.terms;
    if (this.#isCurrent(ticket) && ticket > (this.#droppedAtMs.get(id) ?? UNTRUSTED))
      this.#orders.set(id, { value: order, readAtMs: ticket });
  }

  cacheTip(tip: BlockRef, ticket: number): void {
    if (this.#isCurrent(ticket) && ticket > this.#tipDroppedAtMs && ticket > (this.#tip?.readAtMs ?? UNTRUSTED))
      this.#tip = { value: tip, readAtMs: ticket };
  }

  changed(): void {
    this.#changedAtMs = this.#now();
    this.#droppedAtMs.clear();
    this.#orders.clear();
    this.#tip = undefined;
  }

  dropOrders(ids: Iterable<OrderId>): void {
    const now = this.#now();
    for (const id of ids) {
      this.#orders.delete(id);
      this.#droppedAtMs.set(id, now);
    }
    if (this.#droppedAtMs.size <= MAX_CACHED_ORDERS) return;
    this.#droppedAtMs.clear();
    this.#changedAtMs = now;
  }

  #isYoung({ readAtMs }: Entry<unknown>): boolean {
    return this.#now() < readAtMs + MAX_AGE_MS;
  }

  #isCurrent(ticket: number): boolean {
    return this.#isTrusted() && ticket > this.#changedAtMs;
  }

  /** Whether all changes of others have been heard of since the values were read. If some may have been lost, everything is dropped. */
  #isTrusted(): boolean {
    if (this.#trust?.areTrusted !== true) return false;
    if (this.#trust.losses !== this.#losses) {
      this.changed();
      this.#losses = this.#trust.losses;
    }
    return true;
  }
}
