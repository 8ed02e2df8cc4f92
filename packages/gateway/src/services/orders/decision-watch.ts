/**
 * Detects manual decisions that another process has made, so that open pages show them within seconds. It reads the latest decisions
 * every second, each time up to a minute back, because a transaction may become visible later than its timestamp.
 */
import { plusMs, type Clock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { StoreReads } from '../../store/ports/store.ts';

const INTERVAL_MS = 1_000;
const LOOK_BACK_MS = 60_000;
const MAX_ENTRIES = 1_000;

export interface DecisionWatchOptions {
  readonly store: Pick<StoreReads, 'history'>;
  readonly clock: Clock;
  readonly log: LoopLog;
  readonly changed: (ids: readonly OrderId[]) => void;
  readonly everyMs?: number;
}

export class DecisionWatch {
  readonly #options: DecisionWatchOptions;
  readonly #loop: TaskLoop;
  #known = new Set<string>();

  constructor(options: DecisionWatchOptions) {
    this.#options = options;
    const { log, everyMs = INTERVAL_MS } = options;
    this.#loop = new TaskLoop({ name: 'manual decisions', idleMs: everyMs, retryMs: everyMs, log, task: () => this.#poll() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #poll(): Promise<undefined> {
    const { store, clock, changed } = this.#options;
    const entries = await store.history.since(plusMs(clock.now(), -LOOK_BACK_MS), MAX_ENTRIES);
    const added = entries.filter(({ id }) => !this.#known.has(id));
    this.#known = new Set(entries.map(({ id }) => id));
    if (added.length > 0) changed([...new Set(added.map(({ orderId }) => orderId))]);
    return undefined;
  }
}
