import { checkOptions } from '../checks/check-options.ts';
import { integerRule, type Rules, typeRule } from '../checks/value-rules.ts';
import type { ClaimStore } from './repeat-store.ts';

/** The limits of a {@link MemoryRepeatStore}. */
export interface MemoryRepeatStoreOptions {
  /** The maximum number of keys. Default: 10000. */
  maxKeys?: number | undefined;
  /** The clock in milliseconds. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

const RULES: Rules<MemoryRepeatStoreOptions> = { maxKeys: integerRule(1), now: typeRule('function') };

/**
 * Stores keys in this process, at most the newest `maxKeys`. It suits a shop of one process whose handler tolerates a repeat
 * after a restart.
 *
 * @example
 * dropRepeats(handle, { store: new MemoryRepeatStore({ maxKeys: 100_000 }) });
 */
export class MemoryRepeatStore implements ClaimStore {
  readonly #entries = new Map<string, { value: string; expiresAtMs: number }>();
  readonly #maxKeys: number;
  readonly #now: () => number;

  /** @throws ConfigurationError naming the wrong option. */
  constructor(options: MemoryRepeatStoreOptions = {}) {
    checkOptions(options, RULES);
    const { maxKeys = 10_000, now = () => Date.now() } = options;
    this.#maxKeys = maxKeys;
    this.#now = now;
  }

  get(key: string): string | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAtMs > this.#now() ? entry.value : undefined;
  }

  set(key: string, value: string, ttlMs: number): void {
    // Deleted first, because a key that is set again becomes the newest.
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAtMs: this.#now() + ttlMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxKeys && oldest !== undefined) this.#entries.delete(oldest);
  }

  claim(key: string, value: string, ttlMs: number): boolean {
    const isFree = this.get(key) === undefined;
    if (isFree) this.set(key, value, ttlMs);
    return isFree;
  }

  renew(key: string, value: string, ttlMs: number): boolean {
    const isHeld = this.get(key) === value;
    if (isHeld) this.set(key, value, ttlMs);
    return isHeld;
  }

  release(key: string, value: string): boolean {
    return this.get(key) === value && this.#entries.delete(key);
  }
}
