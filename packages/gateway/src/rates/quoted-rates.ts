/** Computes rates from the quotes of several providers. */
import type { Clock } from '../kernel/clock.ts';
import { formatDecimal } from '../kernel/decimal.ts';
import { agree, OUTLIER_BPS, type Agreement } from './agree.ts';
import type { Quote } from './quote.ts';
import { DEFAULT_CHOICE, type Rate, type RateChoice, type RateSource } from './source.ts';
import { withSpread } from './spread.ts';

export interface QuotedRatesOptions {
  /** Returns the last quote of each provider, or of one of them. */
  readonly quotes: (currency: string, provider: string | null) => readonly Quote[];
  readonly clock: Clock;
  /** An older price is not used. */
  readonly maxAgeMs: number;
  /** Called when a rate is requested that no quote allows. */
  readonly missing?: (currency: string) => void;
}

export class QuotedRates implements RateSource {
  readonly #options: QuotedRatesOptions;
  /** Cached by currency and provider. */
  readonly #agreements = new Map<string, Agreement>();

  constructor(options: QuotedRatesOptions) {
    this.#options = options;
  }

  /** Returns the current rate. If the chosen provider has no price now, the others stand in for it, so that it blocks no sale. */
  rate(currency: string, { provider, spreadBps }: RateChoice = DEFAULT_CHOICE): Rate | undefined {
    const own = provider === null ? undefined : this.#agreement(currency, provider);
    const agreement = own ?? this.#agreement(currency, null);
    if (agreement === undefined) {
      this.#options.missing?.(currency);
      return undefined;
    }
    const { price, providers, at } = agreement;
    const source = own === undefined ? `median:${providers.join(',')}` : providers.join();
    return { source, value: withSpread(formatDecimal(price), spreadBps), at };
  }

  /** The quotes have changed. */
  changed(): void {
    this.#agreements.clear();
  }

  #agreement(currency: string, only: string | null): Agreement | undefined {
    const key = `${currency} ${only ?? ''}`;
    const { clock, maxAgeMs, quotes } = this.#options;
    const now = clock.now();
    const known = this.#agreements.get(key);
    if (known !== undefined && now - known.at <= maxAgeMs) return known;
    const agreement = agree(quotes(currency, only), { now, maxAgeMs, outlierBps: OUTLIER_BPS });
    if (agreement !== undefined) this.#agreements.set(key, agreement);
    return agreement;
  }
}
