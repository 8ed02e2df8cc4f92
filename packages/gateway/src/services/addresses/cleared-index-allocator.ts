/**
 * Hands out only clear addresses: they are watched, and no transaction that was read before that pays them (`watched-addresses.ts`).
 * Addresses are normally clear long before an order needs them. If one may have been paid, the order waits for the next round of the
 * watcher. It reads the transactions that may pay the address again, stores payments, and raises the account's next index past them.
 */
import { ContractError } from '../../contract/contract-error.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { IndexAllocator, TakeIndexes } from './index-allocator.ts';
import type { WatchedAddresses } from './watched-addresses.ts';

export interface ClearedIndexAllocatorOptions {
  /** Takes the indexes. */
  readonly inner: IndexAllocator;
  readonly watched: Pick<WatchedAddresses, 'clearTo' | 'watchTo'>;
  /** Resolves when a round that began after this call has reached the tip. */
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  /** How long a new order waits for such a round, in milliseconds. Default 5,000. */
  readonly patienceMs?: number;
}

const RETRY_AFTER_S = 5;
/** Each paid address in a row may cost one try. */
const MAX_TRIES = 5;

/** A transaction took indexes whose addresses are not clear. */
class NotClearError extends Error {
  override readonly name = 'NotClearError';
  readonly end: number;
  constructor(end: number) {
    super(`the addresses below index ${end} are not clear`);
    this.end = end;
  }
}

export class ClearedIndexAllocator implements IndexAllocator {
  readonly #options: ClearedIndexAllocatorOptions;

  constructor(options: ClearedIndexAllocatorOptions) {
    this.#options = options;
  }

  async take<T>(id: AccountId, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T> {
    const { inner, watched } = this.#options;
    for (let tries = 1; ; tries += 1) {
      try {
        return await inner.take(id, count, (take) =>
          work(async (tx, wanted) => {
            const first = await take(tx, wanted);
            if (first + wanted > watched.clearTo(id)) throw new NotClearError(first + wanted);
            return first;
          }),
        );
      } catch (error) {
        if (!(error instanceof NotClearError)) throw error;
        if (tries === MAX_TRIES) throw notNow(error);
        await this.#clear(id, error.end);
      }
    }
  }

  async #clear(id: AccountId, end: number): Promise<void> {
    const { watched, caughtUp, patienceMs = 5_000 } = this.#options;
    const signal = AbortSignal.timeout(patienceMs);
    await watched.watchTo(id, end, signal);
    if (watched.clearTo(id) >= end) return;
    try {
      await caughtUp(signal);
    } catch (cause) {
      throw notNow(cause);
    }
  }
}

function notNow(cause: unknown): ContractError {
  return new ContractError('4006', 'the next address may have been paid already, and the gateway is still reading the chain', {
    retryAfterS: RETRY_AFTER_S,
    cause,
  });
}
