/** Options that several commands take in the same way. */
import type { OptionHelp } from '@webpos/listen/help';

export const ACCOUNT_OPTION: OptionHelp = { value: 'UUID', text: 'account', allowed: 'the UUID that webpos account list shows' };

export const MERCHANT_OPTION: OptionHelp & { readonly allowed: string } = {
  value: 'UUID',
  text: 'merchant',
  allowed: 'the UUID that webpos merchant list shows',
};

export const LIMIT_RANGE = { min: 1, max: 1000 } as const;
export const DEFAULT_LIMIT = 20;

/** @param what The rows that a list command prints, such as `orders`. */
export function limitOption(what: string): OptionHelp {
  const { min, max } = LIMIT_RANGE;
  return { value: 'N', text: `maximum number of ${what}`, allowed: `${min} to ${max}`, default: String(DEFAULT_LIMIT) };
}

/** An option that narrows a list. @param text What it selects, such as `only orders of this POS`. */
export function filterOption(value: string, text: string, allowed: string): OptionHelp {
  return { value, text, allowed, default: 'all' };
}

export const TIME_FORMAT = 'ISO 8601, such as 2026-11-23 or 2026-11-23T18:00:00Z';
export const UUID_FORMAT = 'a UUID';
