/** How the panel speaks to its reader. Every subject of the panel has its texts in a folder of its own, one file per language. */
import type { Reader } from '../../i18n/languages.ts';
import { numbersOf } from '../../i18n/numbers.ts';
import { fill, plainText, type Phrase } from '../../i18n/phrase.ts';
import { pluralForm } from '../../i18n/plural.ts';
import type { LanguageTag, Texts } from '../../i18n/texts.ts';

export type { Texts } from '../../i18n/texts.ts';

export interface PanelWords<Key extends string> {
  readonly reader: Reader;
  /** A text without values. */
  readonly text: (key: Key) => string;
  readonly phrase: (key: Key, values: Readonly<Record<string, string | Phrase>>) => Phrase;
  /** A text whose form depends on a number, which fills in `{n}`. */
  readonly counted: (key: Key, count: number) => Phrase;
  /** A text with values, for a title or an attribute. */
  readonly plain: (key: Key, values: Readonly<Record<string, string | Phrase>>) => string;
  /** A decimal string of bitcoin, such as `0.00016667`. */
  readonly bitcoin: (amount: string) => string;
  /** A decimal string with the currency's decimals. */
  readonly fiat: (amount: string, currency: string) => string;
  readonly integer: (value: number) => string;
  /** ISO 8601, in UTC. */
  readonly date: (iso: string) => string;
  /** Such as `5 minutes ago`. */
  readonly fromNow: (iso: string, now: string) => string;
}

/**
 * @example
 * const { text, plain } = panelWords(frame.reader, frameTexts);
 * plain('page_title', { page: text('orders') });
 */
export function panelWords<Key extends string>(reader: Reader, texts: Texts<Key>): PanelWords<Key> {
  const { language, locale } = reader;
  const messages = texts[language.tag as LanguageTag];
  const numbers = numbersOf(locale);
  const phrase: PanelWords<Key>['phrase'] = (key, values) => fill(messages[key], values);
  return {
    reader,
    text: (key) => messages[key],
    phrase,
    counted: (key, count) => fill(pluralForm(messages[key], language.tag, count), { n: numbers.integer(count) }),
    plain: (key, values) => plainText(phrase(key, values), language.direction),
    bitcoin: numbers.btc,
    fiat: numbers.fiat,
    integer: numbers.integer,
    date: numbers.date,
    fromNow: numbers.fromNow,
  };
}
