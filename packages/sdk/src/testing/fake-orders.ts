import { settle } from '@webpos/order-rules';
import type { CallbackEvent } from '../wire/index.ts';
import { at, type FakeOrder, type Moved } from './fake-order.ts';

/** Hears of every event of an order, in turn. */
export type Tell = (event: CallbackEvent, order: FakeOrder) => void;

/** The orders of a fake platform. Anyone who looks at them sees them settled: deadlines that have passed are reported first. */
export class FakeOrders {
  readonly #orders = new Map<string, FakeOrder>();
  readonly #now: () => number;
  readonly #report: Tell;

  constructor(now: () => number, report: Tell) {
    this.#now = now;
    this.#report = report;
  }

  add(order: FakeOrder): void {
    this.#orders.set(order.uuid, order);
  }

  get(uuid: string): FakeOrder | undefined {
    const order = this.#orders.get(uuid);
    return order === undefined ? undefined : this.#save(settle(order, at(this.#now())));
  }

  /** In the order in which they were made. */
  all(): FakeOrder[] {
    return [...this.#orders.values()].map((order) => this.#save(settle(order, at(this.#now()))));
  }

  /** Changes an order, and tells of what follows from that. */
  change(order: FakeOrder): FakeOrder {
    return this.#save(settle(order, at(this.#now())));
  }

  /** Keeps an order that has been settled already. */
  save(moved: Moved): FakeOrder {
    return this.#save(moved);
  }

  #save({ order, events }: Moved): FakeOrder {
    this.#orders.set(order.uuid, order);
    for (const event of events) this.#report(event, order);
    return order;
  }
}
