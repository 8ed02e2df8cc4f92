/**
 * Hands out only addresses that are watched, and that nothing pays which was read before they were (`watched-addresses.ts`). While orders
 * come no faster than the chain is read, all that are handed out are clear long before. One that may be paid waits for the next round,
 * which reads again what may pay it, stores it, and raises the account's index beyond it.
 */
import { ContractError } from '../../contract/contract-error.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { IndexAllocator, TakeIndexes } from './index-allocator.ts';
import type { WatchedAddresses } from './watched-addresses.ts';

export interface ClearedIndexAllocatorOptions {
  /** How indexes are taken. */
  readonly inner: IndexAllocator;
  readonly watched: Pick<WatchedAddresses, 'clearTo' | 'watchTo'>;
  /** Settles when a round that began after this call has reached the tip. */
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  /** How long a new order waits for that. Default 5,000. */
  readonly patienceMs?: number;
}

const RETRY_AFTER_S = 5;
/** Each payment in a row of addresses may cost one. */
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
  return new ContractError('4006', 'the next address may have been paid already, and the chain has to be read to know', {
    retryAfterS: RETRY_AFTER_S,
    cause,
  });
}
