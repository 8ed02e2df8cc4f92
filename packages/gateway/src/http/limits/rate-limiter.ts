/**
 * A rate limit for each of many keys, in bounded memory. The least recently used key is evicted first, which resets its limit and
 * never locks anyone out.
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { takeOne, type Rate } from './rate-limit.ts';

/** The buckets of all processes that share the database, as they were a moment ago. */
export interface SharedBuckets {
  /** When the bucket of a key is full again, by the monotonic clock; undefined if it is. */
  fullAtMs(key: string): number | undefined;
  /**
   * Takes one from the bucket of a key.
   *
   * @param intervalMs How much longer the bucket then takes until it is full.
   * @param emptyMs How long an empty bucket takes.
   */
  take(key: string, intervalMs: number, emptyMs: number): void;
}

export interface RateLimiterOptions {
  /** Undefined: no limit. */
  readonly rate: Rate | undefined;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  /** How many keys are remembered. Default 10,000. */
  readonly keys?: number;
  /** Default: this process counts alone. */
  readonly shared?: SharedBuckets | undefined;
}

/** Longer keys are cut off, so that a client cannot make us store a megabyte. */
const MAX_KEY_LENGTH = 80;

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  /** When each key's bucket is full again. */
  readonly #restedAtMs: BoundedCache<string, number>;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#restedAtMs = new BoundedCache({ maxEntries: options.keys ?? 10_000, evict: 'oldest' });
  }

  /** How many keys are remembered now. */
  get size(): number {
    return this.#restedAtMs.size;
  }

  /** Returns what `take` would, but takes nothing. */
  look(wholeKey: string): number | undefined {
    const { rate, nowMs } = this.#options;
    if (rate === undefined) return undefined;
    const key = wholeKey.slice(0, MAX_KEY_LENGTH);
    const taking = takeOne(this.#restedAtMs.get(key), nowMs(), rate);
    return taking.allowed ? this.#lookAtShared(key, rate) : waitS(taking.retryAfterMs);
  }

  #lookAtShared(key: string, rate: Rate): number | undefined {
    const fullAtMs = this.#options.shared?.fullAtMs(key);
    if (fullAtMs === undefined) return undefined;
    const taking = takeOne(fullAtMs, this.#options.nowMs(), rate);
    return taking.allowed ? undefined : waitS(taking.retryAfterMs);
  }

  /** Takes some, even if they are not available: what is missing is owed. */
  owe(wholeKey: string, count: number): void {
    const { rate, nowMs } = this.#options;
    if (rate === undefined) return;
    const key = wholeKey.slice(0, MAX_KEY_LENGTH);
    const from = Math.max(this.#restedAtMs.get(key) ?? 0, nowMs());
    this.#restedAtMs.set(key, from + (count * 1000) / rate.perS);
  }

  /** Takes one. Returns undefined when it was available, otherwise the number of whole seconds to wait. */
  take(wholeKey: string): number | undefined {
    const { rate, nowMs, shared } = this.#options;
    if (rate === undefined) return undefined;
    const key = wholeKey.slice(0, MAX_KEY_LENGTH);
    const sharedWaitS = this.#lookAtShared(key, rate);
    if (sharedWaitS !== undefined) return sharedWaitS;
    const before = this.#restedAtMs.get(key);
    const taking = takeOne(before, nowMs(), rate);
    this.#restedAtMs.set(key, taking.allowed ? taking.restedAtMs : (before ?? 0));
    if (!taking.allowed) return waitS(taking.retryAfterMs);
    shared?.take(key, 1000 / rate.perS, (1000 * rate.burst) / rate.perS);
    return undefined;
  }
}

function waitS(retryAfterMs: number): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1000));
}
