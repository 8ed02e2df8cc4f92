/**
 * Leaves SQLite's write lock free now and then, so that other processes get it. SQLite has no queue for its lock: who waits tries again
 * and again. A process that writes without a break frees the lock for microseconds only, between a commit and the next transaction,
 * and would keep all others out for as long (docs/adr/0067).
 */

import { MAX_PAUSE_MS } from './busy-retry.ts';

/** How long the lock may be in use before it is left free. */
const MAX_USE_MS = 100;
/** Two pauses of a process that tries again. */
const GAP_MS = 2 * MAX_PAUSE_MS;

export class LockGaps {
  readonly #nowMs: () => number;
  /** When the lock was taken after it had last been free for {@link GAP_MS}. */
  #inUseSinceMs = 0;
  #freedAtMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs Milliseconds of a monotonic clock. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Returns for how many milliseconds to leave the lock free before it is taken again. */
  dueMs(): number {
    const nowMs = this.#nowMs();
    const freeMs = nowMs - this.#freedAtMs;
    return freeMs >= GAP_MS || nowMs - this.#inUseSinceMs < MAX_USE_MS ? 0 : GAP_MS - freeMs;
  }

  /** The lock has been taken. */
  taken(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#freedAtMs >= GAP_MS) this.#inUseSinceMs = nowMs;
  }

  freed(): void {
    this.#freedAtMs = this.#nowMs();
  }
}
