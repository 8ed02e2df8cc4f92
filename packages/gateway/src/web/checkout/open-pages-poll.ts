/**
 * Updates open pages whose orders other processes change. Usually a notification does that. While notifications are not trusted, the
 * orders are read every second, and once more when they are trusted again: one may have been lost in between. A process that dies after
 * its commit notifies nobody; the page then asks for itself within a minute.
 */
import type { OrderId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import type { Notifications } from '../../store/ports/notifications.ts';
import type { Store } from '../../store/ports/store.ts';
import { orderVersion } from '../shared/order-version.ts';
import type { OrderStreams } from '../shared/order-streams.ts';

const INTERVAL_MS = 1_000;
const ORDERS_PER_PAGE = 100;

export interface OpenPagesPollOptions {
  readonly streams: Pick<OrderStreams, 'openOrders' | 'noteVersion'>;
  readonly store: Pick<Store, 'orders' | 'refunds' | 'chain' | 'cached'>;
  readonly notifications: Pick<Notifications, 'areTrusted' | 'losses' | 'ordersChanged'>;
  readonly log: LoopLog;
}

export class OpenPagesPoll {
  readonly #options: OpenPagesPollOptions;
  readonly #loop: TaskLoop;
  /** How often notifications had been lost before the last poll; undefined if they were not trusted then. */
  #lossesBefore: number | undefined;

  constructor(options: OpenPagesPollOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'open pages',
      idleMs: INTERVAL_MS,
      retryMs: INTERVAL_MS,
      log: options.log,
      task: (signal) => this.#pollIfNeeded(signal),
    });
    options.notifications.ordersChanged.on((ids) => {
      if (ids !== 'all') return;
      this.#lossesBefore = undefined;
      this.#loop.wake();
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #pollIfNeeded(signal: AbortSignal): Promise<undefined> {
    const { areTrusted, losses } = this.#options.notifications;
    if (areTrusted && losses === this.#lossesBefore) return;
    this.#lossesBefore = areTrusted ? losses : undefined;
    try {
      await this.#poll(signal);
    } catch (error) {
      this.#lossesBefore = undefined;
      throw error;
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { streams, store } = this.#options;
    const left: OrderId[] = streams.openOrders();
    if (left.length === 0) return;
    await inPages(signal, async () => {
      const ids = left.splice(0, ORDERS_PER_PAGE);
      const orders = await store.orders.getMany(ids);
      const refunds = await store.refunds.ofOrders(ids);
      const tipHeight = (await store.chain.tip())?.height ?? 0;
      // The pages will ask for them.
      store.cached.dropOrders(ids);
      for (const order of orders) {
        const { id } = order.terms;
        const ofOrder = refunds.filter(({ orderId }) => orderId === id);
        streams.noteVersion(id, orderVersion({ order, tipHeight }, ofOrder));
      }
      return left.length > 0;
    });
  }
}
