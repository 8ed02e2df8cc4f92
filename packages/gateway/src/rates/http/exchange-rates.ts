/**
 * Rates from public sources, for a process that asks them itself. Their last prices stay in memory until they are too old, and rates for
 * requests are computed from these.
 */
import type { Quote } from '../quote.ts';
import { QuotedRates, type QuotedRatesOptions } from '../quoted-rates.ts';
import type { FetchedQuotes } from '../fetched-quotes.ts';
import type { Rate, RateChoice, RateSource } from '../source.ts';
import { RateFetcher, type ProviderStatus, type RateFetcherOptions } from './rate-fetcher.ts';

export interface ExchangeRatesOptions extends Omit<RateFetcherOptions, 'fetched'>, Pick<QuotedRatesOptions, 'maxAgeMs'> {}

export class ExchangeRates implements RateSource {
  readonly #fetcher: RateFetcher;
  readonly #rates: QuotedRates;
  /** By provider and currency. */
  readonly #quotes = new Map<string, ReadonlyMap<string, Quote>>();

  constructor(options: ExchangeRatesOptions) {
    const { clock, maxAgeMs, providers } = options;
    this.#fetcher = new RateFetcher({ ...options, fetched: (answer) => this.#take(answer) });
    this.#rates = new QuotedRates({
      quotes: (currency, only) =>
        providers.flatMap(({ name }) => (only === null || only === name ? (this.#quotes.get(name)?.get(currency) ?? []) : [])),
      clock,
      maxAgeMs,
      missing: (currency) => this.#fetcher.want(currency),
    });
  }

  start(): void {
    this.#fetcher.start();
  }

  stop(): Promise<void> {
    return this.#fetcher.stop();
  }

  rate(currency: string, choice?: RateChoice): Rate | undefined {
    return this.#rates.rate(currency, choice);
  }

  /** The status of the providers, for operators. */
  status(): readonly ProviderStatus[] {
    return this.#fetcher.status();
  }

  #take({ provider, quotes, unusable }: FetchedQuotes): void {
    const before = unusable.flatMap((currency) => this.#quotes.get(provider)?.get(currency) ?? []);
    this.#quotes.set(provider, new Map([...before, ...quotes].map((quote) => [quote.currency, quote])));
    this.#rates.changed();
  }
}
