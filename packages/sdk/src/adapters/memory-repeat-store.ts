/** Where it is kept which callbacks have been acted upon. `redisStore` of `@webpos/sdk/cache`, a Keyv and the caches of frameworks are one. */
export interface RepeatStore {
  /** Anything that is neither undefined nor null for a key that was set and has not run out. */
  get(key: string): unknown;
  /** @param ttlMs how long to keep it, in milliseconds. */
  set(key: string, value: string, ttlMs: number): unknown;
}

/**
 * Keeps keys in this process, and the newest `maxKeys` at most. Enough for a shop of one process, whose handler bears a
 * repeat after a restart.
 *
 * @example
 * dropRepeats(handle, { store: new MemoryRepeatStore({ maxKeys: 100_000 }) });
 */
export class MemoryRepeatStore implements RepeatStore {
  readonly #endsAtMs = new Map<string, { value: string; endsAtMs: number }>();
  readonly #maxKeys: number;
  readonly #now: () => number;

  /** @param options `maxKeys` default: 10000; `now` is the clock in milliseconds, default: `Date.now`. */
  constructor({ maxKeys = 10_000, now = () => Date.now() }: { maxKeys?: number; now?: () => number } = {}) {
    this.#maxKeys = maxKeys;
    this.#now = now;
  }

  get(key: string): string | undefined {
    const kept = this.#endsAtMs.get(key);
    return kept !== undefined && kept.endsAtMs > this.#now() ? kept.value : undefined;
  }

  set(key: string, value: string, ttlMs: number): void {
    // Set anew, a key is the newest.
    this.#endsAtMs.delete(key);
    this.#endsAtMs.set(key, { value, endsAtMs: this.#now() + ttlMs });
    const [oldest] = this.#endsAtMs.keys();
    if (this.#endsAtMs.size > this.#maxKeys && oldest !== undefined) this.#endsAtMs.delete(oldest);
  }
}
