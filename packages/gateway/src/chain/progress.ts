/**
 * Tracks a round's progress towards the tip, for those who wait, and to end a round without progress. Otherwise a source with a
 * tip outside its own chain, or a tip that keeps moving, would be queried forever at full speed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockHash, BlockRef } from '../kernel/chain.ts';
import type { LoopLog } from '../kernel/task-loop.ts';
import { SourceUnavailableError } from './source.ts';

/** Max number of consecutive passes that store no block above the highest so far. */
const MAX_IDLE_PASSES = 5;
const FIRST_PAUSE_MS = 50;
/** Max number of consecutive passes with a changed tip. Blocks come every ten minutes; a pass takes less than a second. */
const MAX_MOVED_TIPS = 20;
/** How often the progress of a long round is logged. */
const LOG_EVERY_MS = 10_000;

/** Progress through a number of blocks. */
export interface Reading {
  readonly read: number;
  readonly of: number;
  /** How many of them the source had pruned and recovered. */
  readonly fetched: number;
}

export class Progress {
  readonly #log: LoopLog;
  readonly #nowMs: () => number;
  readonly #startedAtMs: number;
  #loggedAtMs: number;
  #start: number | undefined;
  #highest = -1;
  /** Where the current pass began. */
  #began = -1;
  #idle = 0;
  #tip: BlockHash | undefined;
  #moved = 0;

  /** @param nowMs a monotonic clock in milliseconds. */
  constructor(log: LoopLog, nowMs: () => number = () => performance.now()) {
    this.#log = log;
    this.#nowMs = nowMs;
    this.#startedAtMs = this.#loggedAtMs = nowMs();
  }

  /** Starts a pass from a stored height. */
  begins(stored: number): void {
    this.#start ??= stored;
    this.#began = stored;
    this.#highest = Math.max(this.#highest, stored);
  }

  /**
   * Records a pass that has not reached the tip. When it made no progress, waits, longer each time.
   *
   * @param tip the source's tip, as the pass found it.
   * @param why what kept the pass from the tip.
   * @throws SourceUnavailableError after several passes without progress, or when the tip moves too fast.
   */
  async passed(stored: number, tip: BlockRef, why: string, signal: AbortSignal): Promise<void> {
    this.#moved = this.#tip === undefined || this.#tip === tip.hash ? 0 : this.#moved + 1;
    this.#tip = tip.hash;
    if (this.#moved >= MAX_MOVED_TIPS)
      throw new SourceUnavailableError(`the source's tip moves faster than it is read: it is at block ${tip.height} now`);
    // Progress may stay below the highest block: a long reorganisation takes several passes to get back to its height.
    if (stored > this.#highest || stored > this.#began) {
      this.#highest = Math.max(this.#highest, stored);
      this.#idle = 0;
      return;
    }
    this.#idle += 1;
    if (this.#idle >= MAX_IDLE_PASSES) throw new SourceUnavailableError(`no progress after ${this.#idle} passes: ${why}`);
    if (this.#idle > 1) await sleep(FIRST_PAUSE_MS * 2 ** (this.#idle - 2), undefined, { signal });
  }

  /**
   * Returns the progress, and logs it from time to time.
   *
   * @param fetched how many blocks the source had to recover.
   */
  reading(stored: number, tip: number, fetched: number): Reading {
    const start = this.#start ?? stored;
    const reading = { read: Math.max(0, stored - start), of: Math.max(0, tip - start), fetched };
    const nowMs = this.#nowMs();
    if (nowMs - this.#loggedAtMs >= LOG_EVERY_MS) {
      this.#loggedAtMs = nowMs;
      const tookS = Math.round((nowMs - this.#startedAtMs) / 1000);
      this.#log.info(
        { ...reading, tookS },
        `chain: read block ${reading.read} of ${reading.of}, ${fetched} of them fetched from peers`,
      );
    }
    return reading;
  }
}
