/** Parses the body of `POST /payment-order`. A single response reports the mistakes of all fields. */
import { parseFiatAmount } from '../../orders/fiat.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import { parseShopUrl, type ShopUrlRules } from '../../merchants/shop-url.ts';
import { validationError } from '../../contract/contract-error.ts';
import type { OrderRequest } from '../../services/orders/new-order.ts';
import { MAX_CHARACTERS, MAX_CONFIRMATIONS } from '../schemas/limits.ts';

/** @throws ContractError 0001 with the problems of each field. */
export function parseCreation(body: unknown, currency: CurrencyCode, rules: ShopUrlRules): OrderRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw validationError({ body: ['must be a JSON object'] });
  const input = body as Readonly<Record<string, unknown>>;
  const errors: Record<string, string[]> = {};
  const check = <T>(field: string, parse: (value: unknown) => T): T | undefined => {
    try {
      return parse(input[field]);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      errors[field] = [error.message];
      return undefined;
    }
  };
  const fiat = check('amount', (value) => {
    if (typeof value !== 'string') throw new RangeError(`must be a decimal number above 0 as a string, got ${kindOf(value)}`);
    return parseFiatAmount(value, currency);
  });
  const url = (field: string, by: ShopUrlRules): string | null => check(field, (value) => parseUrl(value, by)) ?? null;
  // Only callbacks may go to the allowed hosts by http: the other URLs open in buyers' browsers.
  const pageRules = { allowHttp: rules.allowHttp };
  const text = (field: string): string | null => check(field, parseText) ?? null;
  const request = {
    callbackUrl: url('callback_url', rules),
    continueUrl: url('continue_url', pageRules),
    cancelUrl: url('cancel_url', pageRules),
    details: text('details'),
    reference: text('reference'),
    requiredConfirmations: check('required_confirmations', parseConfirmations) ?? null,
  };
  if (fiat === undefined || Object.keys(errors).length > 0) throw validationError(errors);
  return { fiat, ...request };
}

function parseUrl(value: unknown, rules: ShopUrlRules): string | null {
  const text = parseText(value);
  return text === null ? null : parseShopUrl(text, rules);
}

function parseText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new RangeError(`must be a string, got ${kindOf(value)}`);
  if ([...value].length > MAX_CHARACTERS)
    throw new RangeError(`must be at most ${MAX_CHARACTERS} characters, got ${[...value].length}`);
  // PostgreSQL cannot store this character.
  if (value.includes('\0')) throw new RangeError('must not contain the character U+0000');
  // UTF-8 cannot encode a lone surrogate: it would come back as another character.
  if (/\p{Surrogate}/u.test(value)) throw new RangeError('must be valid Unicode');
  return value;
}

function parseConfirmations(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_CONFIRMATIONS) {
    throw new RangeError(
      `must be a whole number from 0 to ${MAX_CONFIRMATIONS}, got ${typeof value === 'number' ? value : kindOf(value)}`,
    );
  }
  return value;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}
