/**
 * Hands out the indexes that the leader has made ready (`publish-indexes.ts`), in every process on the database. If none is ready, it asks
 * the leader for more and waits a while.
 */
import { ContractError } from '../../contract/contract-error.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Store } from '../../store/ports/store.ts';
import type { IndexAllocator, TakeIndexes } from './index-allocator.ts';

export interface ReadyIndexAllocatorOptions {
  readonly store: Pick<Store, 'readyIndexes'>;
  /** Tells the leader that indexes are wanted. It also looks by itself each second. */
  readonly asked: (id: AccountId) => void;
  /** How long a new order waits, in milliseconds. Default 5,000. */
  readonly patienceMs?: number;
}

const RETRY_AFTER_S = 5;
/** How long a waiting order waits at first before it looks again, and at most. {@link ReadyIndexAllocator.wake} makes it look at once. */
const POLL_MS = { first: 10, most: 160 };

/** The account's next indexes are not ready. */
class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

export class ReadyIndexAllocator implements IndexAllocator {
  readonly #options: ReadyIndexAllocatorOptions;
  readonly #waiting = new Set<() => void>();

  constructor(options: ReadyIndexAllocatorOptions) {
    this.#options = options;
  }

  /** Indexes may have become ready. */
  wake(): void {
    for (const look of this.#waiting) look();
  }

  async take<T>(id: AccountId, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T> {
    const { store, asked, patienceMs = 5_000 } = this.#options;
    const until = performance.now() + patienceMs;
    for (let pollMs = POLL_MS.first; ; pollMs = Math.min(pollMs * 2, POLL_MS.most)) {
      try {
        return await work(async (tx, wanted) => {
          const first = await tx.readyIndexes.take(id, wanted);
          if (first === undefined) throw new NotReadyError();
          return first;
        });
      } catch (error) {
        if (!(error instanceof NotReadyError)) throw error;
      }
      if (performance.now() >= until)
        throw new ContractError('4006', 'no address is ready: no process follows the chain, or it is being read', {
          retryAfterS: RETRY_AFTER_S,
        });
      const ready = this.#nextLook(pollMs);
      await store.readyIndexes.want(id, count);
      asked(id);
      await ready;
    }
  }

  #nextLook(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(look, withinMs);
      this.#waiting.add(look);
    });
  }
}
