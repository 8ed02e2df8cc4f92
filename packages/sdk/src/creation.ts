import { ValidationError } from './errors/index.ts';
import type { PaymentOrderCreation } from './wire/index.ts';

const MAX_LENGTH = 300;

/**
 * Checks a creation by the rules of the contract, so that a mistake costs no request and is told in the words the
 * gateway would use.
 *
 * @param allowHttp whether URLs may be http: a sandbox on the same machine has no certificate.
 * @throws ValidationError with `errors` by field.
 */
export function checkCreation(creation: PaymentOrderCreation, allowHttp: boolean): void {
  const path = '/payment-order';
  if (typeof creation !== 'object' || creation === null) throw invalid('POST', path, { creation: ['must be an object'] });
  const url = (value: unknown): string | undefined => wrongUrl(value, allowHttp);
  const problems: Record<keyof PaymentOrderCreation, string | undefined> = {
    amount: wrongAmount(creation.amount),
    callback_url: optional(creation.callback_url, url),
    continue_url: optional(creation.continue_url, url),
    cancel_url: optional(creation.cancel_url, url),
    details: optional(creation.details, wrongText),
    reference: optional(creation.reference, wrongText),
    required_confirmations: optional(creation.required_confirmations, wrongCount),
  };
  const errors: Record<string, string[]> = {};
  for (const [field, problem] of Object.entries(problems)) if (problem !== undefined) errors[field] = [problem];
  if (Object.keys(errors).length > 0) throw invalid('POST', path, errors);
}

/**
 * Checks the id of a payment order. An empty one would list all orders, and one with a slash would ask for something else.
 *
 * @throws ValidationError with `errors.uuid`.
 */
export function checkUuid(uuid: string): void {
  const isUuid = typeof uuid === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid);
  if (!isUuid)
    throw invalid('GET', '/payment-order/{uuid}', { uuid: [`must be a version 4 UUID in lower case, got ${show(uuid)}`] });
}

function invalid(method: string, path: string, errors: Record<string, string[]>): ValidationError {
  const told = Object.entries(errors).map(([field, problems]) => `${field} ${problems.join(', ')}`);
  return new ValidationError(`${method} ${path}: not sent: ${told.join('; ')}`, { method, path, errorCode: '0001', errors });
}

function optional(value: unknown, check: (value: unknown) => string | undefined): string | undefined {
  return value === undefined || value === null ? undefined : check(value);
}

function wrongAmount(value: unknown): string | undefined {
  const isAboveZero = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && /[1-9]/.test(value);
  return isAboveZero ? undefined : `must be a decimal string above 0, such as "10.00", got ${show(value)}`;
}

function wrongUrl(value: unknown, allowHttp: boolean): string | undefined {
  const wanted = `must be ${allowHttp ? 'an http or https' : 'an https'} URL of at most ${MAX_LENGTH} characters`;
  // The pattern refuses what URL takes but means to repair, such as a space in front.
  const isUrl = typeof value === 'string' && (allowHttp ? /^https?:\/\//i : /^https:\/\//i).test(value) && URL.canParse(value);
  if (!isUrl) return `${wanted}, got ${show(value)}`;
  return value.length <= MAX_LENGTH ? undefined : `${wanted}, got ${value.length}`;
}

function wrongText(value: unknown): string | undefined {
  const wanted = `must be a string of at most ${MAX_LENGTH} characters`;
  if (typeof value !== 'string') return `${wanted}, got ${show(value)}`;
  // JSON Schema's maxLength counts code points, as the gateway does.
  const length = [...value].length;
  return length <= MAX_LENGTH ? undefined : `${wanted}, got ${length}`;
}

function wrongCount(value: unknown): string | undefined {
  const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return isCount ? undefined : `must be an integer from 0, got ${show(value)}`;
}

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
