import { settle } from '@webpos/order-rules';
import type { CallbackEvent } from '../wire/index.ts';
import { at, type FakeOrder, type Moved } from './fake-order.ts';

/** Receives every event of an order, in sequence. */
export type ReportEvent = (event: CallbackEvent, order: FakeOrder) => void;

/** The orders of a fake platform. Reading an order settles it first, so that passed deadlines are reported. */
export class FakeOrders {
  readonly #orders = new Map<string, FakeOrder>();
  readonly #now: () => number;
  readonly #report: ReportEvent;

  constructor(now: () => number, report: ReportEvent) {
    this.#now = now;
    this.#report = report;
  }

  add(order: FakeOrder): void {
    this.#orders.set(order.uuid, order);
  }

  get(uuid: string): FakeOrder | undefined {
    const order = this.#orders.get(uuid);
    return order && this.change(order);
  }

  /** In the order of creation. */
  all(): FakeOrder[] {
    return [...this.#orders.values()].map((order) => this.change(order));
  }

  /** Changes an order, and reports the resulting events. */
  change(order: FakeOrder): FakeOrder {
    return this.save(settle(order, at(this.#now())));
  }

  /** Stores an order that is settled already. */
  save({ order, events }: Moved): FakeOrder {
    this.#orders.set(order.uuid, order);
    for (const event of events) this.#report(event, order);
    return order;
  }
}
