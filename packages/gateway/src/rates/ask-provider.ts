import { epochMs, type EpochMs } from '../kernel/clock.ts';
import type { GetText } from './get-text.ts';
import { parseJsonNumbersAsText } from './json-numbers.ts';
import type { RateProvider } from './provider.ts';
import type { Quote } from './quote.ts';

export interface Asking {
  readonly getText: GetText;
  readonly now: EpochMs;
  readonly signal: AbortSignal;
}

/**
 * Asks a provider for the price of bitcoin in some currencies, all of which it should have.
 *
 * @returns what it has, by currency.
 * @throws when one of its answers does not come, or is not of the form that it should be.
 */
export async function askProvider(
  provider: RateProvider,
  currencies: readonly string[],
  { getText, now, signal }: Asking,
): Promise<ReadonlyMap<string, Quote>> {
  const texts = await Promise.all(provider.urls(currencies).map((url) => getText(url, signal)));
  const prices = texts.flatMap((text) => provider.read(parseJsonNumbersAsText(text)));
  const wanted = prices.filter(({ currency }) => currencies.includes(currency));
  return new Map(
    wanted.map(({ currency, price, atS }) => {
      // A clock of theirs that is ahead must not make a price last longer.
      const at = atS === undefined ? now : epochMs(Math.min(atS * 1000, now));
      return [currency, { provider: provider.name, currency, price, at }];
    }),
  );
}
