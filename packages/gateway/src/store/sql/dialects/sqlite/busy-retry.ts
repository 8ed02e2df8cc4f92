/**
 * Retries while another connection holds SQLite's lock. SQLite's own busy timeout would block the JavaScript thread, and with it all
 * requests, health checks and payments. Here only the task itself waits, in short random pauses.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from '../../../store-down.ts';

/** Short, because a process that writes without a break leaves the lock free for some milliseconds only (`lock-gaps.ts`). */
const MIN_PAUSE_MS = 1;
export const MAX_PAUSE_MS = 4;

export interface BusyRetry {
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The total time that a task may wait, from when it was requested. */
  readonly giveUpAfterMs: number;
}

export const BUSY_RETRY: BusyRetry = { nowMs: () => performance.now(), sleep, random: Math.random, giveUpAfterMs: 5_000 };

/**
 * Runs a task, at least once, and retries it while the database is locked.
 *
 * @param requestedAtMs When the task was requested.
 * @throws the error of the last try: when the time is up, or at once if it is not about a lock.
 */
export async function retryWhileBusy<T>(work: () => T, requestedAtMs: number, retry: BusyRetry): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      const leftMs = requestedAtMs + retry.giveUpAfterMs - retry.nowMs();
      if (!isBusy(error) || leftMs <= 0) throw error;
      await retry.sleep(Math.min(leftMs, MIN_PAUSE_MS + (MAX_PAUSE_MS - MIN_PAUSE_MS) * retry.random()));
    }
  }
}
