/**
 * Stores how attempts ended: many in one transaction, since it is the disk that a commit waits for. What has ended is stored within
 * {@link MAX_WAIT_MS}, sooner when somebody asks for it or much has gathered. When a transaction fails each end is tried by itself,
 * so that one that cannot be stored takes no other with it.
 */
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { AttemptEnd, EndedAttempt } from '../../store/ports/attempt-outcome.ts';
import type { Store } from '../../store/ports/store.ts';

const MAX_BATCH = 256;
/** What has been sent and not stored is sent again after a crash, so this is short. */
const MAX_WAIT_MS = 25;

interface Ended extends EndedAttempt {
  readonly resolve: (kept: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export class OutcomeWriter {
  readonly #store: Pick<Store, 'transaction'>;
  readonly #claimant: string;
  readonly #waiting: Ended[] = [];
  #timer: NodeJS.Timeout | undefined;
  #storing = false;
  /** Whether what waits is to be stored as soon as that is done which is being stored. */
  #goOn = false;

  constructor(store: Pick<Store, 'transaction'>, claimant: string) {
    this.#store = store;
    this.#claimant = claimant;
  }

  /** Answers false when the claim had run out and another took it. */
  add(callback: StoredCallback, end: AttemptEnd): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ callback, end, resolve, reject });
      if (this.#waiting.length >= MAX_BATCH) this.flush();
      else this.#timer ??= setTimeout(() => this.flush(), MAX_WAIT_MS);
    });
  }

  /** Begins to store what has ended: in this very turn, if it can be, so that a transaction that begins now shares the commit. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#storing) this.#goOn = true;
    else if (this.#waiting.length > 0) void this.#storeAll();
  }

  async #storeAll(): Promise<void> {
    this.#storing = true;
    do {
      this.#goOn = false;
      const together = this.#waiting.splice(0, MAX_BATCH);
      try {
        await this.#finish(together);
      } catch {
        for (const one of together) await this.#finish([one]).catch(one.reject);
      }
    } while (this.#waiting.length >= MAX_BATCH || (this.#goOn && this.#waiting.length > 0));
    this.#storing = false;
  }

  async #finish(ended: readonly Ended[]): Promise<void> {
    const kept = await this.#store.transaction((tx) => tx.callbacks.finish(ended, this.#claimant));
    for (const { callback, resolve } of ended) resolve(kept.has(callback.id));
  }
}
