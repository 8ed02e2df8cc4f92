/**
 * Stores the outcomes of attempts, many in one transaction, because every commit waits for the disk. An outcome is stored within
 * {@link MAX_WAIT_MS}, or sooner if a batch is full or `flush` is called. If a transaction fails, each of its outcomes is stored on its
 * own, so that one that cannot be stored does not take the others with it.
 */
import type { StoredCallback } from '../../callbacks/callback.ts';
import { Batcher } from '../../kernel/batcher.ts';
import type { AttemptEnd, EndedAttempt } from '../../store/ports/attempt-outcome.ts';
import type { Store } from '../../store/ports/store.ts';

/** Short, because after a crash a callback whose outcome was not stored is sent again. */
const MAX_WAIT_MS = 25;

export class OutcomeWriter {
  readonly #store: Pick<Store, 'transaction'>;
  readonly #claimant: string;
  readonly #batches = new Batcher<EndedAttempt, boolean>((attempts) => this.#storeBatch(attempts), { waitMs: MAX_WAIT_MS });

  constructor(store: Pick<Store, 'transaction'>, claimant: string) {
    this.#store = store;
    this.#claimant = claimant;
  }

  /** Resolves to false if the lease had expired and another process claimed the callback. */
  add(callback: StoredCallback, end: AttemptEnd): Promise<boolean> {
    return this.#batches.add({ callback, end });
  }

  /** Stores the waiting outcomes now, in this turn if possible, so that a transaction that begins now shares the commit. */
  flush(): void {
    this.#batches.flush();
  }

  async #storeBatch(attempts: readonly EndedAttempt[]): Promise<readonly PromiseSettledResult<boolean>[]> {
    try {
      return await this.#finish(attempts);
    } catch {
      const results: PromiseSettledResult<boolean>[] = [];
      for (const attempt of attempts) {
        try {
          results.push(...(await this.#finish([attempt])));
        } catch (reason) {
          results.push({ status: 'rejected', reason });
        }
      }
      return results;
    }
  }

  async #finish(attempts: readonly EndedAttempt[]): Promise<PromiseFulfilledResult<boolean>[]> {
    const stored = await this.#store.transaction((tx) => tx.callbacks.finish(attempts, this.#claimant));
    return attempts.map(({ callback }) => ({ status: 'fulfilled', value: stored.has(callback.id) }));
  }
}
