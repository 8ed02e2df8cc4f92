/**
 * Fetches quotes and stores them for all processes that share the database. One process does this at a time, the leader: it starts when
 * it becomes that, and stops when another one does. It may start again later.
 *
 * An answer that cannot be stored is stored later, unless a newer one replaces it. As its time is when the provider was asked, by the
 * clock of the database, it is as old as it is, and never replaces a newer one of the next leader.
 */
import { SECOND_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { FetchedQuotes } from '../../rates/fetched-quotes.ts';
import type { PosWatch } from '../../store/ports/pos-watch.ts';
import type { Store } from '../../store/ports/store.ts';

/** What asks the providers. */
export interface QuoteFetcher {
  start(): void;
  stop(): Promise<void>;
  /** Asks for the price in a currency that the providers were not yet asked for. */
  want(currency: string): void;
}

export interface RateSharingOptions {
  readonly store: Pick<Store, 'transaction'>;
  readonly fetcher: (fetched: (answer: FetchedQuotes) => void) => QuoteFetcher;
  /** The currencies that prices are needed in now. */
  readonly currencies: () => Promise<readonly string[]>;
  /** Notices a new POS, which may sell in another currency. */
  readonly posWatch: Pick<PosWatch, 'version'>;
  readonly log: LoopLog;
  /** How long to wait before an answer that could not be stored is stored again. Default: a second. */
  readonly retryMs?: number;
}

export class RateSharing {
  readonly #options: RateSharingOptions;
  #running: Running | undefined;

  constructor(options: RateSharingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= new Running(this.#options);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }
}

/** The work from one start to the next stop. */
class Running {
  readonly #options: RateSharingOptions;
  readonly #fetcher: QuoteFetcher;
  readonly #storing: TaskLoop;
  readonly #wanting: TaskLoop;
  /** The answers to store, by provider. */
  readonly #pending = new Map<string, FetchedQuotes>();
  #posVersion: number | undefined;

  constructor(options: RateSharingOptions) {
    this.#options = options;
    const { fetcher, log, retryMs = SECOND_MS } = options;
    this.#fetcher = fetcher((answer) => {
      this.#pending.set(answer.provider, answer);
      this.#storing.wake();
    });
    this.#storing = new TaskLoop({ name: 'store rates', idleMs: 60 * SECOND_MS, retryMs, log, task: () => this.#store() });
    this.#wanting = new TaskLoop({
      name: 'wanted rates',
      idleMs: SECOND_MS,
      retryMs: SECOND_MS,
      log,
      task: () => this.#want(),
    });
    this.#storing.start();
    this.#fetcher.start();
    this.#wanting.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#wanting.stop(), this.#fetcher.stop(), this.#storing.stop()]);
  }

  async #store(): Promise<undefined> {
    for (const [provider, answer] of this.#pending) {
      await this.#options.store.transaction(({ rates }) => rates.put(answer));
      if (this.#pending.get(provider) === answer) this.#pending.delete(provider);
    }
  }

  /** Without it, a POS in a new currency could not sell before the next request of some provider. */
  async #want(): Promise<undefined> {
    const { posWatch, currencies } = this.#options;
    const version = posWatch.version();
    if (version === undefined || version === this.#posVersion) return;
    for (const currency of await currencies()) this.#fetcher.want(currency);
    this.#posVersion = version;
  }
}
