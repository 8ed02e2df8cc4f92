/**
 * How the page speaks: the texts of one language, and its numbers, money and dates by `Intl`. Digits are those of Arabia's
 * west in every language, since the buyer compares them with a wallet's.
 */
import type { Messages } from './en.ts';
import { fill } from './fill.ts';
import type { Language } from './languages.ts';

export interface Wording {
  readonly language: Language;
  readonly text: (key: keyof Messages, values?: Readonly<Record<string, string>>) => string;
  /** A decimal string of bitcoin, such as `0.00016667`, as `0.00016667 BTC`. */
  readonly btc: (amount: string) => string;
  /** A decimal string with the currency's decimals. */
  readonly fiat: (amount: string, currency: string) => string;
  /** ISO 8601, in UTC: nobody knows the buyer's time zone. */
  readonly date: (iso: string) => string;
  /** Such as `1 of 3 confirmations`; never more than are asked for. */
  readonly confirmations: (view: { confirmations: number; requiredConfirmations: number }) => string;
}

export function wordingOf(language: Language): Wording {
  const locale = `${language.tag}-u-nu-latn`;
  const text: Wording['text'] = (key, values = {}) => fill(language.messages[key], values);
  const number = (amount: string, options: Intl.NumberFormatOptions): string => {
    const decimals = (amount.split('.')[1] ?? '').length;
    // Of a decimal string every digit counts: it never becomes a float (ECMA-402, 16.5.16).
    return new Intl.NumberFormat(locale, {
      ...options,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(amount as Intl.StringNumericLiteral);
  };
  return {
    language,
    text,
    btc: (amount) => `${number(amount, {})}\u00A0BTC`,
    fiat: (amount, currency) => number(amount, { style: 'currency', currency }),
    date: (iso) => new Intl.DateTimeFormat(locale, DATE).format(new Date(iso)),
    confirmations: ({ confirmations, requiredConfirmations }) =>
      text(requiredConfirmations === 1 ? 'confirmations_of_one' : 'confirmations', {
        n: number(String(Math.min(confirmations, requiredConfirmations)), {}),
        m: number(String(requiredConfirmations), {}),
      }),
  };
}

const DATE: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
  timeZone: 'UTC',
  timeZoneName: 'short',
};
