/**
 * Notices what another process has decided about orders by hand, so that open pages show it within seconds. The history of these
 * decisions is read every second, some time back each time: a transaction may become visible later than its time says.
 */
import { plusMs, type Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { StoreReads } from '../../store/ports/store.ts';

const EVERY_MS = 1_000;
const LOOK_BACK_MS = 60_000;
const MAX_ENTRIES = 1_000;

export interface DecisionWatchOptions {
  readonly store: Pick<StoreReads, 'history'>;
  readonly clock: Clock;
  readonly log: LoopLog;
  readonly changed: (ids: Iterable<OrderId>) => void;
  readonly everyMs?: number;
}

export class DecisionWatch {
  readonly #options: DecisionWatchOptions;
  readonly #loop: TaskLoop;
  #known = new Set<string>();

  constructor(options: DecisionWatchOptions) {
    this.#options = options;
    const { log, everyMs = EVERY_MS } = options;
    this.#loop = new TaskLoop({ name: 'decisions by hand', idleMs: everyMs, retryMs: everyMs, log, task: () => this.#look() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #look(): Promise<undefined> {
    const { store, clock, changed } = this.#options;
    const entries = await store.history.since(plusMs(clock.now(), -LOOK_BACK_MS), MAX_ENTRIES);
    const news = entries.filter(({ id }) => !this.#known.has(id));
    this.#known = new Set(entries.map(({ id }) => id));
    if (news.length > 0) changed(new Set(news.map(({ orderId }) => orderId)));
    return undefined;
  }
}
