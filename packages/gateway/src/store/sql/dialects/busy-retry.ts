/**
 * Tries again while another connection holds SQLite's lock. SQLite's own busy timeout would sleep in the JavaScript thread, and
 * with it everything else: requests, health, payments. Here only the work itself waits, in short pauses of random length.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from '../../store-down.ts';

const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 50;

export interface BusyRetry {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** How long a work waits in all, from when it was asked for. */
  readonly giveUpAfterMs: number;
}

export const BUSY_RETRY: BusyRetry = { nowMs: () => performance.now(), sleep, random: Math.random, giveUpAfterMs: 5_000 };

/**
 * @param askedAtMs When the work was asked for.
 * @throws what the last try threw: at once when it is no lock, else when the time is up. There is always one try.
 */
export async function retryWhileBusy<T>(work: () => T, askedAtMs: number, retry: BusyRetry): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      const leftMs = askedAtMs + retry.giveUpAfterMs - retry.nowMs();
      if (!isBusy(error) || leftMs <= 0) throw error;
      await retry.sleep(Math.min(leftMs, MIN_PAUSE_MS + (MAX_PAUSE_MS - MIN_PAUSE_MS) * retry.random()));
    }
  }
}
