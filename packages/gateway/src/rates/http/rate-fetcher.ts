/** Asks public sources for prices. Each is queried in a background loop of its own, so a slow or dead one delays nobody. */
import { errorMessage } from '../../kernel/error-message.ts';
import { plusMs, type Clock, type EpochMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { FetchedQuotes } from '../fetched-quotes.ts';
import { askProvider } from './ask-provider.ts';
import { StatusError, type GetText } from './get-text.ts';
import type { RateProvider } from './provider.ts';

export interface RateFetcherOptions {
  readonly providers: readonly RateProvider[];
  readonly getText: GetText;
  /** The currencies that prices are needed in now. */
  readonly currencies: () => Promise<readonly string[]>;
  readonly clock: Clock;
  /** From 0 to 1; jitter, so that many gateways do not query at the same moment. */
  readonly random: () => number;
  readonly log: LoopLog;
  /** How often each provider is queried. */
  readonly refreshMs: number;
  /** Called with every valid answer. */
  readonly fetched: (answer: FetchedQuotes) => void;
}

/** The status of a provider. */
export interface ProviderStatus {
  readonly name: string;
  /** The time of its last valid answer. */
  readonly answeredAt: EpochMs | undefined;
  /** What was wrong with its last answer, or with a price in it; undefined if nothing was. */
  readonly trouble: string | undefined;
}

const RETRY_MS = 30_000;
/** The max delay between requests, even if a provider asks for more. */
const MAX_PAUSE_MS = 15 * MINUTE_MS;
/** The min interval between extra requests for a currency without a rate. */
const OUT_OF_TURN_MS = 10_000;

interface Source {
  readonly provider: RateProvider;
  readonly loop: TaskLoop;
  /** The currencies of the last request; undefined before the first. */
  asked: readonly string[] | undefined;
  answeredAt: EpochMs | undefined;
  /** Why it has no prices at all at present. */
  trouble: string | undefined;
  /** The currencies with an unusable price in the last answer, with the reasons. */
  odd: ReadonlyMap<string, string>;
}

export class RateFetcher {
  readonly #options: RateFetcherOptions;
  readonly #sources: readonly Source[];
  readonly #wanted = new Map<string, EpochMs>();

  constructor(options: RateFetcherOptions) {
    this.#options = options;
    this.#sources = options.providers.map((provider) => this.#sourceOf(provider));
  }

  start(): void {
    for (const { loop } of this.#sources) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#sources.map(({ loop }) => loop.stop()));
  }

  /** Asks the providers that were not yet asked for a currency, out of their turn. */
  want(currency: string): void {
    const now = this.#options.clock.now();
    const last = this.#wanted.get(currency);
    if (last !== undefined && now < plusMs(last, OUT_OF_TURN_MS)) return;
    this.#wanted.set(currency, now);
    for (const { loop, trouble, asked, provider } of this.#sources) {
      const mayHave = provider.currencies?.includes(currency) ?? true;
      if (mayHave && trouble === undefined && asked?.includes(currency) === false) loop.wake();
    }
  }

  /** The status of the providers, for operators. */
  status(): readonly ProviderStatus[] {
    return this.#sources.map(({ provider: { name }, answeredAt, trouble, odd }) => ({
      name,
      answeredAt,
      trouble: trouble ?? (odd.size === 0 ? undefined : [...odd.values()].join('; ')),
    }));
  }

  #sourceOf(provider: RateProvider): Source {
    const source: Source = {
      provider,
      asked: undefined,
      answeredAt: undefined,
      trouble: undefined,
      odd: new Map(),
      loop: new TaskLoop({
        name: `rates of ${provider.name}`,
        idleMs: MAX_PAUSE_MS,
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
      source.trouble = errorMessage(error);
      if (error instanceof StatusError && error.retryAfterMs !== undefined) return Math.max(RETRY_MS, error.retryAfterMs);
      throw error;
    }
  }

  async #ask(source: Source, signal: AbortSignal): Promise<void> {
    const { provider } = source;
    const { currencies, clock, getText, log, fetched } = this.#options;
    const wanted = new Set([...(await currencies()), ...this.#wanted.keys()]);
    const asked = [...wanted].filter((currency) => provider.currencies?.includes(currency) ?? true).sort();
    source.asked = asked;
    if (asked.length === 0) return;
    const now = clock.now();
    const { quotes, odd } = await askProvider(provider, asked, { getText, now, signal });
    for (const [currency, message] of odd)
      if (!source.odd.has(currency))
        log.warn({ provider: provider.name, currency }, `rates of ${provider.name}: unusable price: ${message}`);
    source.odd = odd;
    source.answeredAt = now;
    fetched({ provider: provider.name, askedAt: now, quotes: [...quotes.values()], unusable: [...odd.keys()] });
  }
}
