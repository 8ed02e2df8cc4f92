import type { CallbackEvent } from '../wire/index.ts';
import { type FakeOrder, type Moved, settle } from './fake-order.ts';

/** Hears of every event of an order, in turn. */
export type Tell = (event: CallbackEvent, order: FakeOrder) => void;

/** The orders of a fake platform. Whoever looks at them sees them settled: deadlines that have passed are told of first. */
export class FakeOrders {
  readonly #orders = new Map<string, FakeOrder>();
  readonly #now: () => number;
  readonly #tell: Tell;

  constructor(now: () => number, tell: Tell) {
    this.#now = now;
    this.#tell = tell;
  }

  add(order: FakeOrder): void {
    this.#orders.set(order.uuid, order);
  }

  get(uuid: string): FakeOrder | undefined {
    const order = this.#orders.get(uuid);
    return order === undefined ? undefined : this.#save(settle(order, this.#now()));
  }

  /** In the order in which they were made. */
  all(): FakeOrder[] {
    return [...this.#orders.values()].map((order) => this.#save(settle(order, this.#now())));
  }

  /** Changes an order, and tells of what follows from that. */
  change(order: FakeOrder): FakeOrder {
    return this.#save(settle(order, this.#now()));
  }

  /** Keeps an order that has been settled already. */
  save(moved: Moved): FakeOrder {
    return this.#save(moved);
  }

  #save({ order, events }: Moved): FakeOrder {
    this.#orders.set(order.uuid, order);
    for (const event of events) this.#tell(event, order);
    return order;
  }
}
