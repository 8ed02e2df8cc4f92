/** Reads what a merchant enters for a link: in a form, in a command, in a request to the API. Reports the faults of all fields at once. */
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { parseLine } from '../merchants/line.ts';
import { parseFiatAmount, type FiatAmount } from '../orders/fiat.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import type { LinkPrice, LinkTerms } from './payment-link.ts';

/** The fields as text. Empty text is as no text. */
export interface LinkInput {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** The fixed amount, as a decimal string. Without it, the buyer enters the amount. */
  readonly amount?: string | undefined;
  readonly min_amount?: string | undefined;
  readonly max_amount?: string | undefined;
  readonly quantity?: string | undefined;
  /** A time of ISO 8601, in UTC. */
  readonly expires_at?: string | undefined;
  readonly takes_note?: boolean | undefined;
}

export type LinkField = keyof LinkInput | 'name';

export type LinkFault =
  | 'required'
  | 'too_long'
  /** Control characters, or characters that change the direction of text. */
  | 'characters'
  /** No decimal above 0, or too many decimals for the currency. */
  | 'amount'
  /** A fixed amount together with limits of an open one. */
  | 'fixed_and_open'
  /** A maximum below the minimum. */
  | 'below_min'
  | 'quantity'
  | 'time'
  /** No name that can be the end of a URL. */
  | 'name'
  | 'taken';

export type LinkFaults = Readonly<Partial<Record<LinkField, LinkFault>>>;

export const MAX_TITLE_CHARACTERS = 100;
export const MAX_DESCRIPTION_CHARACTERS = 1_000;
export const MAX_QUANTITY = 1_000_000;

type Reading<T> = { readonly value: T } | { readonly fault: LinkFault };

/** @returns the terms, or the fault of each wrong field. */
export function readLinkTerms(
  input: LinkInput,
  currency: CurrencyCode,
): { readonly terms: LinkTerms } | { readonly faults: LinkFaults } {
  const faults: Partial<Record<LinkField, LinkFault>> = {};
  const read = <T>(field: LinkField, reading: Reading<T>, otherwise: T): T => {
    if ('value' in reading) return reading.value;
    faults[field] = reading.fault;
    return otherwise;
  };
  const amount = (field: 'amount' | 'min_amount' | 'max_amount'): FiatAmount | null =>
    read(field, readAmount(input[field], currency), null);
  const terms = {
    title: read('title', readTitle(input.title), ''),
    description: read('description', readDescription(input.description), null),
    currency,
    price: priceOf(amount('amount'), amount('min_amount'), amount('max_amount')),
    quantity: read('quantity', readQuantity(input.quantity), null),
    expiresAt: read('expires_at', readTime(input.expires_at), null),
    takesNote: input.takes_note ?? false,
  };
  const hasLimits = filled(input.min_amount) !== undefined || filled(input.max_amount) !== undefined;
  if (terms.price.kind === 'fixed' && hasLimits) faults.amount = 'fixed_and_open';
  if (terms.price.kind === 'open' && isBelow(terms.price)) faults.max_amount = 'below_min';
  return Object.keys(faults).length > 0 ? { faults } : { terms };
}

/** Reads a name that the merchant chooses: lower-case letters, digits, and hyphens between them. */
export function readLinkName(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name) ? name : undefined;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function priceOf(amount: FiatAmount | null, min: FiatAmount | null, max: FiatAmount | null): LinkPrice {
  return amount === null ? { kind: 'open', min, max } : { kind: 'fixed', amount };
}

function isBelow({ min, max }: LinkPrice & { kind: 'open' }): boolean {
  return min !== null && max !== null && max.minorUnits < min.minorUnits;
}

function readTitle(given: string | undefined): Reading<string> {
  const text = filled(given);
  if (text === undefined) return { fault: 'required' };
  if ([...text].length > MAX_TITLE_CHARACTERS) return { fault: 'too_long' };
  return withoutRangeError(() => parseLine(text, MAX_TITLE_CHARACTERS), 'characters');
}

/** Of the characters that a name may not have, only line breaks are allowed. */
function readDescription(given: string | undefined): Reading<string | null> {
  const text = filled(given)?.replaceAll(/\r\n?/g, '\n');
  if (text === undefined) return { value: null };
  if ([...text].length > MAX_DESCRIPTION_CHARACTERS) return { fault: 'too_long' };
  return withoutRangeError(() => {
    parseLine(text.replaceAll('\n', ' '), MAX_DESCRIPTION_CHARACTERS);
    return text;
  }, 'characters');
}

function readAmount(given: string | undefined, currency: CurrencyCode): Reading<FiatAmount | null> {
  const text = filled(given);
  return text === undefined ? { value: null } : withoutRangeError(() => parseFiatAmount(text, currency), 'amount');
}

function readQuantity(given: string | undefined): Reading<number | null> {
  const text = filled(given);
  if (text === undefined) return { value: null };
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= MAX_QUANTITY ? { value: number } : { fault: 'quantity' };
}

/** A form has no seconds and no zone. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z?$/;

function readTime(given: string | undefined): Reading<EpochMs | null> {
  const text = filled(given);
  if (text === undefined) return { value: null };
  const time = TIME.test(text) ? Date.parse(text.endsWith('Z') ? text : `${text}Z`) : Number.NaN;
  return Number.isNaN(time) ? { fault: 'time' } : { value: epochMs(time) };
}

function withoutRangeError<T>(parse: () => T, fault: LinkFault): Reading<T> {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof RangeError) return { fault };
    throw error;
  }
}
