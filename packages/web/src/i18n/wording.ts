/** How a page speaks to its reader: the texts of one language, and numbers, money and dates by one region. */
import type { MessageKey } from './en.ts';
import type { Language, Reader } from './languages.ts';
import { numbersOf } from './numbers.ts';
import { fill, plainText, spokenText, type Phrase } from './phrase.ts';

/** What bitcoin is counted in. */
export type Unit = 'btc' | 'sat';

export interface Wording {
  readonly language: Language;
  readonly unit: Unit;
  /** A text without values. */
  readonly text: (key: MessageKey) => string;
  readonly phrase: (key: MessageKey, values: Readonly<Record<string, string | Phrase>>) => Phrase;
  /** A phrase for a title or an attribute. */
  readonly plain: (phrase: Phrase) => string;
  /** Phrases for a screen reader: a headline and sentences. */
  readonly spoken: (headline: Phrase, sentences?: readonly Phrase[]) => string;
  /** A decimal string of bitcoin, such as `0.00016667`, in the reader's unit. */
  readonly bitcoin: (amount: string) => string;
  /** A decimal string with the currency's decimals. */
  readonly fiat: (amount: string, currency: string) => string;
  /** ISO 8601, in UTC. */
  readonly date: (iso: string) => string;
  /** Such as `1 of 3 confirmations`; never more than are asked for. */
  readonly confirmations: (view: { confirmations: number; requiredConfirmations: number }) => Phrase;
  /** Who gave a rate: the name of an exchange, the median of several, or the merchant's fixed rate. */
  readonly rateSource: (source: string) => Phrase;
}

export function wordingOf({ language, locale }: Reader, unit: Unit = 'btc'): Wording {
  const { messages, direction, stop, space } = language;
  const numbers = numbersOf(locale);
  const phrase: Wording['phrase'] = (key, values) => fill(messages[key], values);
  return {
    language,
    unit,
    text: (key) => messages[key],
    phrase,
    plain: (parts) => plainText(parts, direction),
    spoken: (headline, sentences = []) =>
      [spokenText(headline), ...(sentences.length === 0 ? [] : [sentences.map(spokenText).join(space)])].join(stop),
    bitcoin: unit === 'btc' ? numbers.btc : numbers.sat,
    fiat: numbers.fiat,
    date: numbers.date,
    confirmations: ({ confirmations, requiredConfirmations }) =>
      phrase(requiredConfirmations === 1 ? 'confirmations_of_one' : 'confirmations', {
        n: [numbers.integer(Math.min(confirmations, requiredConfirmations))],
        m: [numbers.integer(requiredConfirmations)],
      }),
    rateSource: (source) => {
      if (source === 'fixed') return [messages.rate_fixed];
      const median = /^median:(.+)$/.exec(source)?.[1];
      if (median === undefined) return [{ value: exchangeName(source) }];
      return phrase('rate_median', { sources: numbers.list(median.split(',').map(exchangeName)) });
    },
  };
}

/** As the exchanges write their names. */
const EXCHANGES: Readonly<Record<string, string>> = {
  bitfinex: 'Bitfinex',
  bitstamp: 'Bitstamp',
  coinbase: 'Coinbase',
  coingecko: 'CoinGecko',
  kraken: 'Kraken',
};

export function exchangeName(source: string): string {
  return EXCHANGES[source] ?? source;
}
