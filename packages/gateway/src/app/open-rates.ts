/** Opens the source of exchange rates. */
import type { Config } from '../config/config.ts';
import { systemClock } from '../kernel/clock.ts';
import { parseDecimal } from '../kernel/decimal.ts';
import { errorMessage } from '../kernel/error-message.ts';
import type { AnsweredRate } from '../rates/answered-rate.ts';
import { askProvider } from '../rates/http/ask-provider.ts';
import { ExchangeRates } from '../rates/http/exchange-rates.ts';
import { fixedRates } from '../rates/fixed.ts';
import { getText, type GetText } from '../rates/http/get-text.ts';
import type { ProviderName } from '../rates/provider-names.ts';
import { PROVIDERS } from '../rates/http/providers/index.ts';
import type { RateSource } from '../rates/source.ts';
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

export function openRates({ config, parts, clock, random, log }: Opening, { store }: Stored): OpenedRates {
  const { rates } = config;
  if (rates.kind === 'fixed') return { rates: fixedRates(rates.rates, clock), asking: undefined };
  const exchangeRates = new ExchangeRates({
    ...rates,
    providers: rates.providers.map((name) => PROVIDERS[name]),
    getText: parts.getText ?? getText,
    currencies: async () => [...new Set((await store.pos.list()).filter(({ active }) => active).map(({ currency }) => currency))],
    clock,
    random,
    log,
  });
  return { rates: exchangeRates, asking: exchangeRates };
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
