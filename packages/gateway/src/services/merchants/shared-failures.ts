/**
 * Counts refused requests, such as those with a wrong secret, over all processes that share the database. Each process adds its own every
 * second, and reads those of all; requests are judged by what is in memory. A request that is not refused costs nothing.
 *
 * Only hashes of addresses and client ids are stored, and only until their buckets are full again: for seconds.
 */
import { createHash } from 'node:crypto';
import { SECOND_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Store } from '../../store/ports/store.ts';

export interface SharedFailuresOptions {
  readonly store: Pick<Store, 'failures' | 'transaction'>;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  readonly log: LoopLog;
  /** Default: a second. */
  readonly intervalMs?: number;
}

type CountedFailures = Parameters<Store['failures']['add']>[0][number];

/** In a flood, only the keys with the most failures are added: each process limits all of them by itself. */
const MAX_PER_INTERVAL = 200;
const MAX_PENDING = 10_000;

export class SharedFailures {
  readonly #options: SharedFailuresOptions;
  readonly #loop: TaskLoop;
  /** What this process has not added yet. */
  readonly #pending = new Map<string, CountedFailures>();
  /** When the bucket of each key is full again, by the monotonic clock. */
  #fullAtMs: ReadonlyMap<string, number> = new Map();

  constructor(options: SharedFailuresOptions) {
    this.#options = options;
    const { log, intervalMs = SECOND_MS } = options;
    this.#loop = new TaskLoop({
      name: 'refused requests',
      idleMs: intervalMs,
      retryMs: intervalMs,
      log,
      task: () => this.#exchange(),
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** When the bucket of a key is full again; undefined if it is. */
  fullAtMs(key: string): number | undefined {
    return this.#fullAtMs.size === 0 ? undefined : this.#fullAtMs.get(hashOf(key));
  }

  take(plainKey: string, costMs: number, maxMs: number): void {
    const key = hashOf(plainKey);
    const before = this.#pending.get(key);
    if (before === undefined && this.#pending.size >= MAX_PENDING) return;
    this.#pending.set(key, { key, costMs: (before?.costMs ?? 0) + costMs, maxMs });
  }

  async #exchange(): Promise<undefined> {
    const { store, nowMs } = this.#options;
    const most = [...this.#pending.values()].sort((a, b) => b.costMs / b.maxMs - a.costMs / a.maxMs).slice(0, MAX_PER_INTERVAL);
    // Also if they cannot be stored: they would be too many when the database is back.
    this.#pending.clear();
    const sorted = most.sort((a, b) => (a.key < b.key ? -1 : 1));
    if (sorted.length > 0) {
      await store.failures.prune();
      await store.transaction(({ failures }) => failures.add(sorted));
    }
    const readAtMs = nowMs();
    const recent = await store.failures.recent();
    this.#fullAtMs = new Map(recent.map(({ key, restMs }) => [key, readAtMs + restMs]));
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}
