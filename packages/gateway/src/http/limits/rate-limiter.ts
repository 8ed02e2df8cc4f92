/**
 * A rate limit for each of many keys, in bounded memory. The least recently used key is evicted first, which resets its limit and
 * never locks anyone out.
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { takeOne, type Rate } from './rate-limit.ts';

export interface RateLimiterOptions {
  /** Undefined: no limit. */
  readonly rate: Rate | undefined;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  /** How many keys are remembered. Default 10,000. */
  readonly keys?: number;
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
    const taking = takeOne(this.#restedAtMs.get(wholeKey.slice(0, MAX_KEY_LENGTH)), nowMs(), rate);
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
    const { rate, nowMs } = this.#options;
    if (rate === undefined) return undefined;
    const key = wholeKey.slice(0, MAX_KEY_LENGTH);
    const before = this.#restedAtMs.get(key);
    const taking = takeOne(before, nowMs(), rate);
    this.#restedAtMs.set(key, taking.allowed ? taking.restedAtMs : (before ?? 0));
    return taking.allowed ? undefined : waitS(taking.retryAfterMs);
  }
}

function waitS(retryAfterMs: number): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1000));
}
