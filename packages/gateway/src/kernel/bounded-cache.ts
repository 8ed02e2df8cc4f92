/**
 * Which entries are evicted to make room for a new key when the cache is full:
 *
 * - `all`: every entry. The cheapest policy, for values that are easily read again and rarely exceed the limit.
 * - `oldest`: the entry that was set first. Reading an entry does not delay its eviction.
 * - `least_recently_used`: the entry that has gone unread and unset for the longest time.
 */
export type Eviction = 'all' | 'oldest' | 'least_recently_used';

export interface BoundedCacheOptions {
  readonly maxEntries: number;
  readonly evict: Eviction;
}

/** A map with a limited number of entries. */
export class BoundedCache<Key, Value> {
  readonly #maxEntries: number;
  readonly #evict: Eviction;
  /** In eviction order: the next to be evicted comes first. */
  readonly #entries = new Map<Key, Value>();

  /** @throws RangeError if `maxEntries` is not a positive integer. */
  constructor({ maxEntries, evict }: BoundedCacheOptions) {
    if (!Number.isInteger(maxEntries) || maxEntries < 1)
      throw new RangeError(`maxEntries: expected a whole number above 0, got ${maxEntries}`);
    this.#maxEntries = maxEntries;
    this.#evict = evict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && this.#evict === 'least_recently_used') {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: Key, value: Value): void {
    if (this.#evict !== 'all') this.#entries.delete(key);
    if (this.#entries.size >= this.#maxEntries && !this.#entries.has(key)) this.#makeRoom();
    this.#entries.set(key, value);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #makeRoom(): void {
    if (this.#evict === 'all') return this.#entries.clear();
    const first = this.#entries.keys().next();
    if (first.done !== true) this.#entries.delete(first.value);
  }
}
