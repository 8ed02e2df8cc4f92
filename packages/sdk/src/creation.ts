import { integer, optional, refuseWrong, show } from './check.ts';
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
  const isObject = typeof creation === 'object' && creation !== null;
  const url = (value: unknown): string | undefined => wrongUrl(value, allowHttp);
  const problems: Record<keyof PaymentOrderCreation, string | undefined> | { creation: string } = isObject
    ? {
        amount: wrongAmount(creation.amount),
        callback_url: optional(creation.callback_url, url),
        continue_url: optional(creation.continue_url, url),
        cancel_url: optional(creation.cancel_url, url),
        details: optional(creation.details, wrongText),
        reference: optional(creation.reference, wrongText),
        required_confirmations: optional(creation.required_confirmations, integer(0)),
      }
    : { creation: 'must be an object' };
  refuseWrong('POST', '/payment-order', problems);
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
