/**
 * Updates open pages whose orders other processes change. Usually a notification does that. While notifications are not trusted, the
 * orders are read every second, and once more when they are trusted again: one may have been lost in between. A process that dies after
 * its commit notifies nobody; the page then asks for itself within a minute.
 *
 * On SQLite, only commands write beside the gateway. They notify nobody, so the orders are read after their commits.
 */
import type { OrderId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import type { Notifications } from '../../store/ports/notifications.ts';
import type { Store } from '../../store/ports/store.ts';
import { orderVersion } from '../shared/order-version.ts';
import type { OrderStreams } from '../shared/order-streams.ts';

const INTERVAL_MS = 1_000;
/** A command may commit all the time, and many pages may be open. */
const INTERVAL_BESIDE_COMMANDS_MS = 3_000;
const ORDERS_PER_PAGE = 100;

export interface OpenPagesPollOptions {
  readonly streams: Pick<OrderStreams, 'openOrders' | 'noteVersion'>;
  readonly store: Pick<Store, 'orders' | 'refunds' | 'chain' | 'cached' | 'commitsOfOthers'>;
  /** Undefined on SQLite. */
  readonly notifications: Pick<Notifications, 'areTrusted' | 'losses' | 'ordersChanged'> | undefined;
  readonly log: LoopLog;
}

export class OpenPagesPoll {
  readonly #options: OpenPagesPollOptions;
  readonly #loop: TaskLoop;
  /** How often changes had gone unnoticed before the last poll; undefined if more may follow unnoticed. */
  #unnoticedBefore: number | undefined;

  constructor(options: OpenPagesPollOptions) {
    this.#options = options;
    const onlyCommandsWrite = options.notifications === undefined;
    const intervalMs = onlyCommandsWrite ? INTERVAL_BESIDE_COMMANDS_MS : INTERVAL_MS;
    this.#unnoticedBefore = onlyCommandsWrite ? this.#unnoticed() : undefined;
    this.#loop = new TaskLoop({
      name: 'open pages',
      idleMs: intervalMs,
      retryMs: intervalMs,
      log: options.log,
      task: (signal) => this.#pollIfNeeded(signal),
    });
    options.notifications?.ordersChanged.on((ids) => {
      if (ids !== 'all') return;
      this.#unnoticedBefore = undefined;
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
    const unnoticed = this.#unnoticed();
    if (unnoticed !== undefined && unnoticed === this.#unnoticedBefore) return;
    this.#unnoticedBefore = unnoticed;
    try {
      await this.#poll(signal);
    } catch (error) {
      this.#unnoticedBefore = undefined;
      throw error;
    }
  }

  /** Grows when changes have gone unnoticed; undefined while any change may. */
  #unnoticed(): number | undefined {
    const { notifications, store } = this.#options;
    if (notifications === undefined) return store.commitsOfOthers?.();
    return notifications.areTrusted ? notifications.losses : undefined;
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
