/**
 * Whether a new order may be given an address now. Not before the chain has been read up to its tip with the account's addresses
 * watched: only then is it known what had reached them before. And not when it was last read longer ago than an order lives: nobody
 * would see the order paid before its time is up. A source that is away for less than that stops no shop.
 */
import type { WatcherStatus } from '../../chain/watcher.ts';
import { ContractError } from '../../contract/contract-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';

export interface NewOrderGateOptions {
  readonly status: () => Pick<WatcherStatus, 'syncedAt' | 'trouble'>;
  /** Whether the chain has been read up to its tip with the account's addresses watched. */
  readonly hasRead: (id: AccountId) => boolean;
  /** Settles when a round that began after this call has reached the tip. */
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** How long an order can be paid, in milliseconds. */
  readonly orderTtlMs: number;
  /** How long a new order waits for the chain to be read, where nothing is known to be wrong. Default 5,000. */
  readonly patienceMs?: number;
}

const RETRY_AFTER_S = 5;

export class NewOrderGate {
  readonly #options: NewOrderGateOptions;
  #reading: Promise<void> | undefined;

  constructor(options: NewOrderGateOptions) {
    this.#options = options;
  }

  /** Why no order of the account may be made now; undefined when one may. After a start it waits a little for the chain to be read. */
  async refusal(id: AccountId): Promise<ContractError | undefined> {
    const { status, patienceMs = 5_000 } = this.#options;
    const until = performance.now() + patienceMs;
    for (;;) {
      const why = this.#why(id);
      if (why === undefined) return undefined;
      const leftMs = until - performance.now();
      if (status().trouble !== undefined || leftMs <= 0) return new ContractError('4006', why, { retryAfterS: RETRY_AFTER_S });
      await Promise.race([this.#nextRound(patienceMs), sleepQuietly(Math.min(leftMs, LOOK_MS))]);
    }
  }

  #why(id: AccountId): string | undefined {
    const { status, hasRead, clock, orderTtlMs } = this.#options;
    const { syncedAt, trouble } = status();
    const because = trouble === undefined ? '' : ': see /readyz';
    if (syncedAt === undefined || !hasRead(id)) return `the chain has not been read up to its tip yet${because}`;
    if (clock.now() - syncedAt <= orderTtlMs) return undefined;
    return `the chain has not been read up to its tip for longer than an order can be paid${because}`;
  }

  /** All that wait wait for the same round. */
  #nextRound(patienceMs: number): Promise<void> {
    this.#reading ??= this.#options
      .caughtUp(AbortSignal.timeout(patienceMs))
      .catch(() => undefined)
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

/** How often a round that fails is noticed while a new order waits for it. */
const LOOK_MS = 100;

function sleepQuietly(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs).unref());
}
