/**
 * A rate for each of many keys, in bounded memory: the key that was asked about longest ago is forgotten first, which lets it
 * begin afresh and never locks anybody out.
 */
import { takeOne, type Rate } from './rate-limit.ts';

export interface RateLimiterOptions {
  /** Undefined: no limit. */
  readonly rate: Rate | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** How many keys are remembered. Default 10,000. */
  readonly keys?: number;
}

/** Whoever sends a key of a megabyte shall not have it kept. */
const LONGEST_KEY = 80;

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  /** When each key's bucket is full again; the key asked about longest ago comes first. */
  readonly #restedAtMs = new Map<string, number>();

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** How many keys are remembered now. */
  get size(): number {
    return this.#restedAtMs.size;
  }

  /** Takes one. Answers undefined when it was there, or after how many whole seconds to ask again. */
  take(wholeKey: string): number | undefined {
    const { rate, nowMs, keys = 10_000 } = this.#options;
    if (rate === undefined) return undefined;
    const key = wholeKey.slice(0, LONGEST_KEY);
    const before = this.#restedAtMs.get(key);
    const taking = takeOne(before, nowMs(), rate);
    this.#restedAtMs.delete(key);
    this.#restedAtMs.set(key, taking.allowed ? taking.restedAtMs : (before ?? 0));
    if (this.#restedAtMs.size > keys) {
      const { value: oldest } = this.#restedAtMs.keys().next();
      if (oldest !== undefined) this.#restedAtMs.delete(oldest);
    }
    return taking.allowed ? undefined : Math.max(1, Math.ceil(taking.retryAfterMs / 1000));
  }
}
