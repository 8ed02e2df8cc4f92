/**
 * The keys that sign callbacks, kept for a moment: to read a POS, open its secret and draw keys from it costs more than to sign. What is
 * changed about a POS counts for every attempt that begins {@link TTL_MS} later.
 */
import type { CallbackKeys } from '../../callbacks/sign.ts';
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { PosStore } from '../../store/ports/pos-store.ts';

const TTL_MS = 100;
const MAX_ENTRIES = 1_000;

export class SigningKeyCache {
  readonly #store: Pick<PosStore, 'get'>;
  readonly #keysOf: (pos: Pos) => CallbackKeys;
  readonly #kept = new BoundedCache<PosId, { readonly keys: Promise<CallbackKeys>; readonly until: EpochMs }>({
    maxEntries: MAX_ENTRIES,
    evict: 'all',
  });

  constructor(store: Pick<PosStore, 'get'>, keysOf: (pos: Pos) => CallbackKeys) {
    this.#store = store;
    this.#keysOf = keysOf;
  }

  /** @throws Error when the POS is missing or its secret does not open. */
  of(id: PosId, now: EpochMs): Promise<CallbackKeys> {
    const kept = this.#kept.get(id);
    if (kept !== undefined && now < kept.until) return kept.keys;
    const keys = this.#read(id);
    this.#kept.set(id, { keys, until: plusMs(now, TTL_MS) });
    return keys;
  }

  async #read(id: PosId): Promise<CallbackKeys> {
    const pos = await this.#store.get(id);
    if (pos === undefined) throw new Error(`POS ${id} is missing in the store`);
    return this.#keysOf(pos);
  }
}
