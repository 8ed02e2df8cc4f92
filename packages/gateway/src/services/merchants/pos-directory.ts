/**
 * Caches POS, so that a request needs no query to find its POS. A change of a POS, by this process or another, still takes effect from the
 * next request on: the cache is valid for as long as the store guarantees that no POS has changed since. Without that guarantee, nothing
 * is cached (docs/adr/0011).
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { PosStore } from '../../store/ports/pos-store.ts';
import type { PosWatch } from '../../store/ports/pos-watch.ts';

const MAX_ENTRIES = 10_000;

export class PosDirectory {
  readonly #store: Pick<PosStore, 'get'>;
  readonly #watch: Pick<PosWatch, 'version'>;
  readonly #cache = new BoundedCache<PosId, Pos>({ maxEntries: MAX_ENTRIES, evict: 'all' });
  /** The version at which the cached POS were read. */
  #version: number | undefined;

  constructor(store: Pick<PosStore, 'get'>, watch: Pick<PosWatch, 'version'>) {
    this.#store = store;
    this.#watch = watch;
  }

  /** Returns a POS as it is now, if it is cached. */
  cached(id: PosId): Pos | undefined {
    this.#invalidate();
    return this.#cache.get(id);
  }

  /** Reads a POS from the store. */
  async read(id: PosId): Promise<Pos | undefined> {
    const before = this.#invalidate();
    const pos = await this.#store.get(id);
    // If a POS has changed meanwhile, it is unknown whether this one was read before or after the change.
    if (pos !== undefined && before !== undefined && this.#invalidate() === before) this.#cache.set(id, pos);
    return pos;
  }

  /** Empties the cache. */
  clear(): void {
    this.#cache.clear();
  }

  /** Empties the cache if a POS may have changed. Returns the present version; undefined if the store cannot guarantee one. */
  #invalidate(): number | undefined {
    const version = this.#watch.version();
    if (version !== this.#version) {
      this.#cache.clear();
      this.#version = version;
    }
    return version;
  }
}
