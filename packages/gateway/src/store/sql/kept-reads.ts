/**
 * Orders and the chain's tip as they were read last, kept for as long as nobody can have changed them: shops ask for the same
 * order again and again. All is forgotten when this store has changed an order or the chain, and when the database tells that
 * another connection has changed anything. What was read before a change is not kept after it.
 */
import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { AtHand } from '../ports.ts';

/** About 2 kB each. */
const MOST_ORDERS = 2_000;

export class KeptReads implements AtHand {
  readonly #commitsOfOthers: () => number;
  /** The one kept last comes last. */
  readonly #orders = new Map<OrderId, Order>();
  #tip: BlockRef | undefined;
  #seenOfOthers: number | undefined;
  #changes = 0;

  /** @param commitsOfOthers A number that is another one when something may have been changed over other connections. */
  constructor(commitsOfOthers: () => number) {
    this.#commitsOfOthers = commitsOfOthers;
  }

  order(id: OrderId): Order | undefined {
    this.#forgetOld();
    return this.#orders.get(id);
  }

  tip(): BlockRef | undefined {
    this.#forgetOld();
    return this.#tip;
  }

  /** Taken before something is read, and given with it when it is to be kept. */
  ticket(): number {
    this.#forgetOld();
    return this.#changes;
  }

  keepOrder(order: Order, ticket: number): void {
    if (ticket !== this.ticket()) return;
    this.#orders.set(order.terms.id, order);
    if (this.#orders.size <= MOST_ORDERS) return;
    const [oldest] = this.#orders.keys();
    if (oldest !== undefined) this.#orders.delete(oldest);
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

  #forgetOld(): void {
    const commits = this.#commitsOfOthers();
    if (commits === this.#seenOfOthers) return;
    this.#seenOfOthers = commits;
    this.changed();
  }
}
