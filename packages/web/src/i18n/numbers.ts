/**
 * Numbers, money and dates by the customs of a region. Digits are the western Arabic ones in every language, since the buyer compares
 * them with a wallet's.
 *
 * Bitcoin is written with the separators that the region uses in prices: some regions have others in plain numbers, and a page with
 * two decimal separators looks as if it stated two amounts.
 */
import type { Phrase } from './phrase.ts';

export interface Numbers {
  /** What stands before the decimals of a price. */
  readonly decimal: '.' | ',';
  /** A decimal string with all its decimals. */
  readonly fiat: (amount: string, currency: string) => string;
  /** A decimal string of bitcoin, such as `0.00016667`, with eight decimals in groups: `0.000 166 67 BTC`. */
  readonly btc: (amount: string) => string;
  /** The same in satoshi: `16,667 sat`. */
  readonly sat: (amount: string) => string;
  readonly integer: (number: number) => string;
  /** ISO 8601, in UTC, since nobody knows the buyer's time zone. */
  readonly date: (iso: string) => string;
  /** How long ago an ISO 8601 time was, or how far ahead it is: `5 minutes ago`. */
  readonly fromNow: (iso: string, now: string) => string;
  /** Names as a list, each a value: `Bitstamp, Coinbase, and Kraken`. */
  readonly list: (names: readonly string[]) => Phrase;
}

/** A no-break space as narrow as a thousands separator. */
const GROUP_SPACE = '\u202F';
const DECIMALS = 8;
/** A line may break after a comma of a date, but not inside the day or the time. */
const SPACE_IN_PART = /(?<![,\u060C]) /g;

const cache = new Map<string, Numbers>();
/** There are a few hundred regions; a client that makes up more must not fill the memory. */
const MAX_ENTRIES = 500;

/** @param locale BCP 47. */
export function numbersOf(locale: string): Numbers {
  const known = cache.get(locale);
  if (known !== undefined) return known;
  if (cache.size >= MAX_ENTRIES) cache.clear();
  const numbers = newNumbers(`${locale}-u-nu-latn`);
  cache.set(locale, numbers);
  return numbers;
}

function newNumbers(locale: string): Numbers {
  const formats = new Map<string, Intl.NumberFormat>();
  const { decimal, group } = separatorsOf(locale);
  const grouped = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+$)/g, group);
  const dates = new Intl.DateTimeFormat(locale, DATE);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const relative = new Intl.RelativeTimeFormat(locale);
  return {
    decimal: decimal === ',' ? ',' : '.',
    fiat: (amount, currency) => {
      const decimals = decimalsOf(amount).length;
      const key = `${currency} ${decimals}`;
      const format = formats.get(key) ?? new Intl.NumberFormat(locale, currencyOptions(currency, decimals));
      // A page has one currency; a program that asks for many must not fill the memory.
      if (formats.size < 20) formats.set(key, format);
      // Intl keeps every digit of a decimal string: it never becomes a float (ECMA-402, 16.5.16).
      return format.format(amount as Intl.StringNumericLiteral);
    },
    btc: (amount) => {
      const whole = amount.split('.')[0] ?? '';
      const decimals =
        decimalsOf(amount)
          .padEnd(DECIMALS, '0')
          .match(/.{1,3}/g) ?? [];
      return `${grouped(whole)}${decimal}${decimals.join(GROUP_SPACE)}\u00A0BTC`;
    },
    sat: (amount) => `${grouped(satsOf(amount))}\u00A0sat`,
    integer: (number) => grouped(String(number)),
    date: (iso) => dates.format(new Date(iso)).replaceAll(SPACE_IN_PART, '\u00A0'),
    fromNow: (iso, now) => {
      const seconds = (Date.parse(iso) - Date.parse(now)) / 1000;
      const [, unitS, unit] = SPANS.find(([limitS]) => Math.abs(seconds) < limitS) ?? DAYS;
      // -0 is in the past.
      return relative.format(Math.round(seconds / unitS) || -0, unit);
    },
    list: (names) => lists.formatToParts(names).map(({ type, value }) => (type === 'element' ? { value } : value)),
  };
}

/** A decimal string of bitcoin in whole satoshi: `16667`. */
export function satsOf(amount: string): string {
  return BigInt(`${amount.split('.')[0] ?? ''}${decimalsOf(amount).padEnd(DECIMALS, '0')}`).toString();
}

function decimalsOf(amount: string): string {
  return amount.split('.')[1] ?? '';
}

function currencyOptions(currency: string, decimals: number): Intl.NumberFormatOptions {
  return { style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals };
}

function separatorsOf(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale, currencyOptions('EUR', 1)).formatToParts(1_234_567.5);
  const of = (type: string, otherwise: string): string => parts.find((part) => part.type === type)?.value ?? otherwise;
  return { decimal: of('decimal', '.'), group: of('group', GROUP_SPACE) };
}

type Span = readonly [limitS: number, unitS: number, unit: Intl.RelativeTimeFormatUnit];
const SPANS: readonly Span[] = [
  [90, 1, 'second'],
  [90 * 60, 60, 'minute'],
  [36 * 3600, 3600, 'hour'],
];
const DAYS: Span = [Infinity, 86_400, 'day'];

const DATE: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
  timeZoneName: 'short',
};
