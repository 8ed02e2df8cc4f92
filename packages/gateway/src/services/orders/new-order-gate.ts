/**
 * Decides whether a new order may get an address now. The chain must have been read up to its tip with the account's addresses watched,
 * because only then are earlier payments to them known. And it must have been read within the lifetime of an order, because otherwise
 * nobody would see the order paid before it expires. A shorter outage of the node does not stop sales.
 */
import type { WatcherStatus } from '../../chain/watcher.ts';
import { ContractError } from '../../contract/contract-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';

export interface NewOrderGateOptions {
  readonly status: () => Pick<WatcherStatus, 'syncedAt' | 'trouble'>;
  /** Whether the chain has been read up to its tip with the account's addresses watched. */
  readonly hasRead: (id: AccountId) => boolean;
  /** Resolves when a round that began after this call has reached the tip. */
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** How long an order can be paid, in milliseconds. */
  readonly orderTtlMs: number;
  /** How long a new order waits for the chain to be read, in milliseconds, while no trouble is known. Default 5,000. */
  readonly patienceMs?: number;
}

const RETRY_AFTER_S = 5;

export class NewOrderGate {
  readonly #options: NewOrderGateOptions;
  #reading: Promise<void> | undefined;

  constructor(options: NewOrderGateOptions) {
    this.#options = options;
  }

  /** Returns the error for a client whose order cannot be created now; undefined if it can. May wait for the chain to be read. */
  async refusal(id: AccountId): Promise<ContractError | undefined> {
    const { status, patienceMs = 5_000 } = this.#options;
    const until = performance.now() + patienceMs;
    for (;;) {
      const reason = this.#reason(id);
      if (reason === undefined) return undefined;
      const leftMs = until - performance.now();
      if (status().trouble !== undefined || leftMs <= 0) return new ContractError('4006', reason, { retryAfterS: RETRY_AFTER_S });
      await Promise.race([this.#nextRound(patienceMs), sleep(Math.min(leftMs, POLL_MS))]);
    }
  }

  #reason(id: AccountId): string | undefined {
    const { status, hasRead, clock, orderTtlMs } = this.#options;
    const { syncedAt, trouble } = status();
    const hint = trouble === undefined ? '' : ': see /readyz';
    if (syncedAt === undefined || !hasRead(id)) return `the chain has not been read up to its tip yet${hint}`;
    if (clock.now() - syncedAt <= orderTtlMs) return undefined;
    return `the chain has not been read up to its tip for longer than an order can be paid${hint}`;
  }

  /** All waiting orders wait for the same round. */
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

/** How often a waiting order checks for trouble. */
const POLL_MS = 100;

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs).unref());
}
