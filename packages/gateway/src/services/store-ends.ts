/**
 * Stores how attempts ended: those that end while others are being stored go into the next transaction together. When that fails each is
 * tried by itself, so that one that cannot be stored takes no other with it.
 */
import type { StoredCallback } from '../callbacks/callback.ts';
import type { AttemptEnd, Store } from '../store/ports.ts';

const MOST_TOGETHER = 64;

interface Ended {
  readonly callback: StoredCallback;
  readonly end: AttemptEnd;
  readonly resolve: (kept: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export class EndsToStore {
  readonly #store: Pick<Store, 'transaction'>;
  readonly #claimant: string;
  readonly #waiting: Ended[] = [];
  #storing = false;

  constructor(store: Pick<Store, 'transaction'>, claimant: string) {
    this.#store = store;
    this.#claimant = claimant;
  }

  /** Answers false when the claim had run out and another took it. */
  add(callback: StoredCallback, end: AttemptEnd): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ callback, end, resolve, reject });
      if (!this.#storing) void this.#storeAll();
    });
  }

  async #storeAll(): Promise<void> {
    this.#storing = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, MOST_TOGETHER);
      try {
        const kept = await this.#finish(together);
        together.forEach(({ resolve }, n) => resolve(kept[n] === true));
      } catch {
        for (const one of together) await this.#finish([one]).then(([kept]) => one.resolve(kept === true), one.reject);
      }
    }
    this.#storing = false;
  }

  #finish(ended: readonly Ended[]): Promise<boolean[]> {
    // Sorted, so that whoever locks several orders locks them in the same order.
    const inOrder = ended.map((one, n) => ({ ...one, n })).sort((a, b) => (a.callback.orderId < b.callback.orderId ? -1 : 1));
    return this.#store.transaction(async (tx) => {
      const kept: boolean[] = [];
      for (const { callback, end, n } of inOrder) kept[n] = await tx.callbacks.finish(callback, this.#claimant, end);
      return kept;
    });
  }
}
