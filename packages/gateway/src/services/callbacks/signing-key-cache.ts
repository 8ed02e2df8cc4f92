/**
 * Caches the keys that sign callbacks for a moment, because reading a POS, decrypting its secret and deriving the keys costs more than
 * signing. A changed secret takes effect for attempts that begin {@link TTL_MS} later.
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
  readonly #cached = new BoundedCache<PosId, { readonly keys: Promise<CallbackKeys>; readonly expiresAt: EpochMs }>({
    maxEntries: MAX_ENTRIES,
    evict: 'all',
  });

  constructor(store: Pick<PosStore, 'get'>, keysOf: (pos: Pos) => CallbackKeys) {
    this.#store = store;
    this.#keysOf = keysOf;
  }

  /** @throws Error if the POS is not stored or its secret cannot be decrypted. */
  of(id: PosId, now: EpochMs): Promise<CallbackKeys> {
    const cached = this.#cached.get(id);
    if (cached !== undefined && now < cached.expiresAt) return cached.keys;
    const keys = this.#read(id);
    this.#cached.set(id, { keys, expiresAt: plusMs(now, TTL_MS) });
    return keys;
  }

  async #read(id: PosId): Promise<CallbackKeys> {
    const pos = await this.#store.get(id);
    if (pos === undefined) throw new Error(`POS ${id} is missing in the store`);
    return this.#keysOf(pos);
  }
}
