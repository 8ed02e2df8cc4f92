/**
 * Rates from public sources. Each is asked in a loop of its own, in the background, so that a slow or dead one holds up
 * nobody; its last prices stay in memory until they are too old. What a request gets is reckoned from those.
 */
import { plusMs, type Clock, type EpochMs } from '../kernel/clock.ts';
import { formatDecimal } from '../kernel/decimal.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import { agree, type Agreement } from './agree.ts';
import { askProvider } from './ask-provider.ts';
import { StatusError, type GetText } from './get-text.ts';
import type { RateProvider } from './provider.ts';
import type { Quote } from './quote.ts';
import { DEFAULT_CHOICE, type Rate, type RateChoice, type RateSource } from './source.ts';
import { withSpread } from './spread.ts';

export interface ExchangeRatesOptions {
  readonly providers: readonly RateProvider[];
  readonly getText: GetText;
  /** The currencies that prices are asked in now. */
  readonly currencies: () => Promise<readonly string[]>;
  readonly clock: Clock;
  /** From 0 to 1, so that many gateways do not ask at the same moment. */
  readonly random: () => number;
  readonly log: LoopLog;
  /** How often each provider is asked. */
  readonly refreshMs: number;
  /** An older price is none. */
  readonly maxAgeMs: number;
}

/** How a provider does. */
export interface ProviderStatus {
  readonly name: string;
  /** When it last gave a whole answer. */
  readonly answeredAt: EpochMs | undefined;
  /** What its last answer was wrong with; undefined when it was right. */
  readonly trouble: string | undefined;
}

/** How far from the median a price may be: a fortieth. */
export const OUTLIER_BPS = 250;
const RETRY_MS = 30_000;
/** A provider that asks for more patience is asked again after this all the same. */
const LONGEST_PAUSE_MS = 15 * 60_000;
/** A currency without a rate is asked for out of turn, but not more often than this. */
const OUT_OF_TURN_MS = 10_000;

interface Source {
  readonly provider: RateProvider;
  readonly loop: TaskLoop;
  quotes: ReadonlyMap<string, Quote>;
  /** The currencies that it has been asked for last; undefined before the first time. */
  asked: readonly string[] | undefined;
  answeredAt: EpochMs | undefined;
  trouble: string | undefined;
}

export class ExchangeRates implements RateSource {
  readonly #options: ExchangeRatesOptions;
  readonly #sources: readonly Source[];
  /** By currency and provider; forgotten with every new quote. */
  readonly #agreements = new Map<string, Agreement>();
  readonly #askedFor = new Map<string, EpochMs>();

  constructor(options: ExchangeRatesOptions) {
    this.#options = options;
    this.#sources = options.providers.map((provider) => this.#sourceOf(provider));
  }

  start(): void {
    for (const { loop } of this.#sources) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#sources.map(({ loop }) => loop.stop()));
  }

  /** A provider that was picked and has no price now is stood in for by the others, so that it stops no sale. */
  rate(currency: string, { provider, spreadBps }: RateChoice = DEFAULT_CHOICE): Rate | undefined {
    const own = provider === null ? undefined : this.#agreement(currency, provider);
    const agreement = own ?? this.#agreement(currency, null);
    if (agreement === undefined) {
      this.#askOutOfTurn(currency);
      return undefined;
    }
    const { price, providers, at } = agreement;
    const source = own === undefined ? `median:${providers.join(',')}` : providers.join();
    return { source, value: withSpread(formatDecimal(price), spreadBps), at };
  }

  /** How the providers do, for those who look after the gateway. */
  status(): readonly ProviderStatus[] {
    return this.#sources.map(({ provider: { name }, answeredAt, trouble }) => ({ name, answeredAt, trouble }));
  }

  #sourceOf(provider: RateProvider): Source {
    const source: Source = {
      provider,
      quotes: new Map(),
      asked: undefined,
      answeredAt: undefined,
      trouble: undefined,
      loop: new TaskLoop({
        name: `rates of ${provider.name}`,
        idleMs: LONGEST_PAUSE_MS,
        retryMs: RETRY_MS,
        log: this.#options.log,
        task: (signal) => this.#refresh(source, signal),
      }),
    };
    return source;
  }

  async #refresh(source: Source, signal: AbortSignal): Promise<number> {
    const { refreshMs, random } = this.#options;
    try {
      await this.#ask(source, signal);
      source.trouble = undefined;
      return refreshMs * (0.9 + 0.2 * random());
    } catch (error) {
      source.trouble = error instanceof Error ? error.message : String(error);
      if (error instanceof StatusError && error.retryAfterMs !== undefined) return Math.max(RETRY_MS, error.retryAfterMs);
      throw error;
    }
  }

  async #ask(source: Source, signal: AbortSignal): Promise<void> {
    const { provider } = source;
    const { currencies, clock, getText } = this.#options;
    const wanted = new Set([...(await currencies()), ...this.#askedFor.keys()]);
    const asked = [...wanted].filter((currency) => provider.currencies?.includes(currency) ?? true).sort();
    source.asked = asked;
    if (asked.length === 0) return;
    const now = clock.now();
    source.quotes = await askProvider(provider, asked, { getText, now, signal });
    source.answeredAt = now;
    this.#agreements.clear();
  }

  #agreement(currency: string, only: string | null): Agreement | undefined {
    const key = `${currency} ${only ?? ''}`;
    const { clock, maxAgeMs } = this.#options;
    const now = clock.now();
    const known = this.#agreements.get(key);
    if (known !== undefined && now - known.at <= maxAgeMs) return known;
    const quotes = this.#sources.flatMap(({ provider, quotes: all }) => {
      const quote = only === null || only === provider.name ? all.get(currency) : undefined;
      return quote === undefined ? [] : [quote];
    });
    const agreement = agree(quotes, { now, maxAgeMs, outlierBps: OUTLIER_BPS });
    if (agreement !== undefined) this.#agreements.set(key, agreement);
    return agreement;
  }

  #askOutOfTurn(currency: string): void {
    const now = this.#options.clock.now();
    const last = this.#askedFor.get(currency);
    if (last !== undefined && now < plusMs(last, OUT_OF_TURN_MS)) return;
    this.#askedFor.set(currency, now);
    for (const { loop, trouble, asked, provider } of this.#sources) {
      const mayHave = provider.currencies?.includes(currency) ?? true;
      if (mayHave && trouble === undefined && asked?.includes(currency) === false) loop.wake();
    }
  }
}
