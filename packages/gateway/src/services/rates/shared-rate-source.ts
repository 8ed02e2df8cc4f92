/**
 * Rates from the quotes that one process fetches for all that share the database. They are read each second, and rates for requests are
 * computed in memory. While the database cannot be read, or no process fetches, the last quotes are used until they are too old.
 */
import { SECOND_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { Quote } from '../../rates/quote.ts';
import { QuotedRates, type QuotedRatesOptions } from '../../rates/quoted-rates.ts';
import type { Rate, RateChoice, RateSource } from '../../rates/source.ts';
import type { Store } from '../../store/ports/store.ts';

export interface SharedRateSourceOptions extends Pick<QuotedRatesOptions, 'clock' | 'maxAgeMs'> {
  readonly store: Pick<Store, 'rates'>;
  /** Others are not used, although a process with other settings may have fetched their prices. */
  readonly providers: readonly string[];
  readonly log: LoopLog;
  /** Default: a second. */
  readonly intervalMs?: number;
}

export class SharedRateSource implements RateSource {
  readonly #options: SharedRateSourceOptions;
  readonly #loop: TaskLoop;
  readonly #rates: QuotedRates;
  #quotes: ReadonlyMap<string, readonly Quote[]> = new Map();

  constructor(options: SharedRateSourceOptions) {
    this.#options = options;
    const { clock, maxAgeMs, log, intervalMs = SECOND_MS } = options;
    this.#loop = new TaskLoop({ name: 'rates', idleMs: intervalMs, retryMs: intervalMs, log, task: () => this.#read() });
    this.#rates = new QuotedRates({
      quotes: (currency, only) => (this.#quotes.get(currency) ?? []).filter(({ provider }) => only === null || only === provider),
      clock,
      maxAgeMs,
    });
  }

  rate(currency: string, choice?: RateChoice): Rate | undefined {
    return this.#rates.rate(currency, choice);
  }

  /** Resolves when the quotes have been read, or could not be. */
  async start(): Promise<void> {
    // The loop repeats it, and reports that it fails.
    await this.#read().catch(() => {});
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #read(): Promise<undefined> {
    const { store, clock, providers } = this.#options;
    const quotes = new Map<string, Quote[]>();
    const all = await store.rates.quotes();
    const now = clock.now();
    for (const quote of all) {
      if (!providers.includes(quote.provider)) continue;
      const ofCurrency = quotes.get(quote.currency) ?? [];
      // A price from the future would last longer.
      ofCurrency.push(quote.at > now ? { ...quote, at: now } : quote);
      quotes.set(quote.currency, ofCurrency);
    }
    this.#quotes = quotes;
    this.#rates.changed();
  }
}
