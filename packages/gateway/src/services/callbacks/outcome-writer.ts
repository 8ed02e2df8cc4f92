/**
 * Stores how attempts ended: many in one transaction, because each commit waits for the disk. An outcome is stored within
 * {@link MAX_WAIT_MS}, or sooner when `flush` is called or a batch is full. When a transaction fails, each outcome is tried by itself,
 * so that one that cannot be stored takes no other with it.
 */
import type { StoredCallback } from '../../callbacks/callback.ts';
import { Batcher } from '../../kernel/batcher.ts';
import type { AttemptEnd, EndedAttempt } from '../../store/ports/attempt-outcome.ts';
import type { Store } from '../../store/ports/store.ts';

/** What has been sent and not stored is sent again after a crash, so this is short. */
const MAX_WAIT_MS = 25;

export class OutcomeWriter {
  readonly #store: Pick<Store, 'transaction'>;
  readonly #claimant: string;
  readonly #batches = new Batcher<EndedAttempt, boolean>((ended) => this.#storeAll(ended), { waitMs: MAX_WAIT_MS });

  constructor(store: Pick<Store, 'transaction'>, claimant: string) {
    this.#store = store;
    this.#claimant = claimant;
  }

  /** Resolves to false when the lease had expired and another process claimed the callback. */
  add(callback: StoredCallback, end: AttemptEnd): Promise<boolean> {
    return this.#batches.add({ callback, end });
  }

  /** Begins to store what has ended: in this very turn, if it can, so that a transaction that begins now shares the commit. */
  flush(): void {
    this.#batches.flush();
  }

  async #storeAll(ended: readonly EndedAttempt[]): Promise<readonly PromiseSettledResult<boolean>[]> {
    try {
      return await this.#finish(ended);
    } catch {
      const results: PromiseSettledResult<boolean>[] = [];
      for (const one of ended) {
        try {
          results.push(...(await this.#finish([one])));
        } catch (reason) {
          results.push({ status: 'rejected', reason });
        }
      }
      return results;
    }
  }

  async #finish(ended: readonly EndedAttempt[]): Promise<PromiseFulfilledResult<boolean>[]> {
    const stored = await this.#store.transaction((tx) => tx.callbacks.finish(ended, this.#claimant));
    return ended.map(({ callback }) => ({ status: 'fulfilled', value: stored.has(callback.id) }));
  }
}
