import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import { compareDecimals } from '../../kernel/decimal.ts';
import type { GetText } from './get-text.ts';
import { parseJsonNumbersAsText } from './json-numbers.ts';
import type { OddPrice, Price, RateProvider } from './provider.ts';
import type { Quote } from '../quote.ts';
import { UnexpectedAnswerError, UnknownMarketError } from './unexpected-answer.ts';

export interface Asking {
  readonly getText: GetText;
  readonly now: EpochMs;
  readonly signal: AbortSignal;
}

/** A provider's quotes for the requested currencies; others are ignored. */
export interface ProviderAnswer {
  readonly quotes: ReadonlyMap<string, Quote>;
  /** The currencies that the answer contains without a usable price, each with the reason. */
  readonly odd: ReadonlyMap<string, string>;
}

/** How many currencies are requested one by one from a provider that refuses a list because of one unknown market. */
const MAX_SINGLE_REQUESTS = 10;

/**
 * Requests the price of bitcoin in some currencies that the provider should support. Each price is judged by itself, and only the
 * requested ones are used.
 *
 * @throws when an answer does not arrive, when the part common to all prices is malformed, or when no price is usable.
 */
export async function askProvider(
  provider: RateProvider,
  currencies: readonly string[],
  asking: Asking,
): Promise<ProviderAnswer> {
  const prices = await askForPrices(provider, currencies, asking);
  const quotes = new Map<string, Quote>();
  const odd = new Map<string, string>();
  for (const currency of currencies) {
    const [first, ...others] = prices.filter((each) => each.currency === currency);
    if (first === undefined) continue;
    if ('odd' in first) odd.set(currency, first.odd);
    else if (others.every((other) => isSame(first, other))) quotes.set(currency, quoteOf(provider, first, asking.now));
    else odd.set(currency, `${currency}: expected one price, got ${others.length + 1}`);
  }
  if (quotes.size === 0 && odd.size > 0) throw new UnexpectedAnswerError([...odd.values()].join('; ').slice(0, 200));
  return { quotes, odd };
}

async function askForPrices(
  provider: RateProvider,
  currencies: readonly string[],
  asking: Asking,
): Promise<readonly (Price | OddPrice)[]> {
  const { getText, signal } = asking;
  try {
    const texts = await Promise.all(provider.urls(currencies).map((url) => getText(url, signal)));
    return texts.flatMap((text) => provider.read(parseJsonNumbersAsText(text)));
  } catch (error) {
    if (!(error instanceof UnknownMarketError) || currencies.length < 2) throw error;
    const prices: (Price | OddPrice)[] = [];
    for (const currency of currencies.slice(0, MAX_SINGLE_REQUESTS)) {
      try {
        prices.push(...(await askForPrices(provider, [currency], asking)).filter((price) => price.currency === currency));
      } catch (single) {
        if (!(single instanceof UnknownMarketError)) throw single;
        prices.push({ currency, odd: `${currency}: ${single.message}` });
      }
    }
    return prices;
  }
}

function isSame(a: Price, b: Price | OddPrice): boolean {
  return !('odd' in b) && compareDecimals(a.price, b.price) === 0;
}

function quoteOf({ name }: RateProvider, { currency, price, atS }: Price, now: EpochMs): Quote {
  // A provider's clock that is fast must not make a price last longer.
  const at = atS === undefined ? now : epochMs(Math.min(atS * 1000, now));
  return { provider: name, currency, price, at };
}
