/** Opens the source of exchange rates. */
import type { Config } from '../config/config.ts';
import { systemClock } from '../kernel/clock.ts';
import { parseDecimal } from '../kernel/decimal.ts';
import { RateFetcher, type RateFetcherOptions } from '../rates/http/rate-fetcher.ts';
import { RateSharing } from '../services/rates/rate-sharing.ts';
import { SharedRateSource } from '../services/rates/shared-rate-source.ts';
import { errorMessage } from '../kernel/error-message.ts';
import type { AnsweredRate } from '../rates/answered-rate.ts';
import { askProvider } from '../rates/http/ask-provider.ts';
import { ExchangeRates } from '../rates/http/exchange-rates.ts';
import { fixedRates } from '../rates/fixed.ts';
import { getText, type GetText } from '../rates/http/get-text.ts';
import type { ProviderName } from '../rates/provider-names.ts';
import { PROVIDERS } from '../rates/http/providers/index.ts';
import type { RateSource } from '../rates/source.ts';
import type { GatewayParts } from './gateway.ts';
import type { Part } from './lifecycle.ts';
import type { Opening } from './opening.ts';
import type { Stored } from './open-stored.ts';

/** How long the sources may take to answer a command. */
const ASKING_MS = 20_000;

export interface OpenedRates {
  readonly rates: RateSource;
  /** The loop that fetches rates; undefined if they are fixed. */
  readonly asking: Part | undefined;
}

/** Opens the rates of a process that has the database to itself. */
export function openRates(opening: Opening, stored: Stored): OpenedRates {
  const { rates } = opening.config;
  if (rates.kind === 'fixed') return { rates: fixedRates(rates.rates, opening.clock), asking: undefined };
  const exchangeRates = new ExchangeRates({ ...rates, ...fetching(opening, stored, rates.providers), clock: opening.clock });
  return { rates: exchangeRates, asking: exchangeRates };
}

/** The rates of processes that share the database. */
export interface OpenedSharedRates {
  readonly rates: RateSource;
  /** Reads the stored quotes, in every process; undefined if the rates are fixed. */
  readonly reading: Part | undefined;
  /** Fetches and stores quotes from its start to its stop, in the process that leads, as often as it becomes that. */
  readonly leading: Part | undefined;
}

type SharedOpening = FetchingOpening & { readonly config: Pick<Config, 'rates'> };

/** Opens the rates of a process that shares the database with others. */
export function openSharedRates(opening: SharedOpening, stored: Pick<Stored, 'store' | 'posWatch' | 'clock'>): OpenedSharedRates {
  const { config, log } = opening;
  const { rates } = config;
  const { store, posWatch, clock } = stored;
  if (rates.kind === 'fixed') return { rates: fixedRates(rates.rates, clock), reading: undefined, leading: undefined };
  const source = new SharedRateSource({ store, providers: rates.providers, clock, maxAgeMs: rates.maxAgeMs, log });
  const options = { ...fetching(opening, stored, rates.providers), refreshMs: rates.refreshMs, clock };
  const leading = new RateSharing({
    store,
    fetcher: (fetched) => new RateFetcher({ ...options, fetched }),
    currencies: options.currencies,
    posWatch,
    log,
  });
  return { rates: source, reading: source, leading };
}

type FetchingOpening = Pick<RateFetcherOptions, 'random' | 'log'> & { readonly parts: Pick<GatewayParts, 'getText'> };

function fetching(
  { parts, random, log }: FetchingOpening,
  { store }: Pick<Stored, 'store'>,
  providers: readonly ProviderName[],
): Pick<RateFetcherOptions, 'providers' | 'getText' | 'currencies' | 'random' | 'log'> {
  return {
    providers: providers.map((name) => PROVIDERS[name]),
    getText: parts.getText ?? getText,
    currencies: async () => [...new Set((await store.pos.list()).filter(({ active }) => active).map(({ currency }) => currency))],
    random,
    log,
  };
}

/** Asks every rate source once. */
export async function askRates({ rates }: Config, currency: string, get: GetText = getText): Promise<readonly AnsweredRate[]> {
  const now = systemClock.now();
  if (rates.kind === 'fixed') {
    const price = parseDecimal(rates.rates.get(currency) ?? '');
    return [{ name: 'fixed', quote: price && { provider: 'fixed', currency, price, at: now } }];
  }
  const asking = { getText: get, now, signal: AbortSignal.timeout(ASKING_MS) };
  const ask = async (name: ProviderName): Promise<AnsweredRate> => {
    const provider = PROVIDERS[name];
    if (provider.currencies?.includes(currency) === false) return { name };
    try {
      return { name, quote: (await askProvider(provider, [currency], asking)).quotes.get(currency) };
    } catch (error) {
      return { name, trouble: errorMessage(error) };
    }
  };
  return Promise.all(rates.providers.map(ask));
}
