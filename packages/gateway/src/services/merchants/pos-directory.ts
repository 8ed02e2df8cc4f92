/**
 * The POS in memory, so that a request costs no query to know whose it is, and yet what was changed about a POS, by this
 * process or another, counts from the next request on. What was read is good for as long as the store says that nobody can
 * have changed a POS since; where it cannot say so, nothing is kept (docs/adr/0011).
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { PosStore } from '../../store/ports/pos-store.ts';
import type { PosWatch } from '../../store/ports/pos-watch.ts';

/** More POS than this are not kept at once. */
const MAX_ENTRIES = 10_000;

export class PosDirectory {
  readonly #store: Pick<PosStore, 'get'>;
  readonly #watch: Pick<PosWatch, 'version'>;
  readonly #kept = new BoundedCache<PosId, Pos>({ maxEntries: MAX_ENTRIES, evict: 'all' });
  /** The version that all that is kept was read at. */
  #version: number | undefined;

  constructor(store: Pick<PosStore, 'get'>, watch: Pick<PosWatch, 'version'>) {
    this.#store = store;
    this.#watch = watch;
  }

  /** A POS as it is now, if that is known without asking the store. */
  known(id: PosId): Pos | undefined {
    this.#evictOld();
    return this.#kept.get(id);
  }

  /** A POS as the store has it now. */
  async read(id: PosId): Promise<Pos | undefined> {
    const before = this.#evictOld();
    const pos = await this.#store.get(id);
    // Whether it was read before or after a change that came meanwhile, nobody knows.
    if (pos !== undefined && before !== undefined && this.#evictOld() === before) this.#kept.set(id, pos);
    return pos;
  }

  #evictOld(): number | undefined {
    const version = this.#watch.version();
    if (version !== this.#version) {
      this.#kept.clear();
      this.#version = version;
    }
    return version;
  }
}
