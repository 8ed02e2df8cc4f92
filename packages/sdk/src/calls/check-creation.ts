import { type Problems, problemsOf, throwIfInvalid } from '../checks/check-fields.ts';
import { boundedTextRule, integerRule, type Rule, type Rules, describeValue, TEXT_RULE } from '../checks/value-rules.ts';
import type { PaymentOrderCreation } from '../wire/index.ts';

/**
 * Checks a creation against the contract, so that a mistake costs no request and is reported in the gateway's words. Unknown
 * fields are passed on, because a later gateway may know them.
 *
 * @param allowHttp whether URLs may be http, since a sandbox on the same machine has no certificate.
 * @throws ValidationError with `errors` by field.
 */
export function checkCreation(creation: PaymentOrderCreation, allowHttp: boolean): void {
  throwIfInvalid('POST', '/payment-order', creationProblems(creation, allowHttp));
}

/** Returns the problems with a creation by field. */
export function creationProblems(creation: unknown, allowHttp: boolean): Problems {
  const url = urlRule(allowHttp);
  const rules: Rules<PaymentOrderCreation> = {
    amount: [isAmount, 'a decimal string above 0, such as "10.00"', describeValue, true],
    callback_url: url,
    continue_url: url,
    cancel_url: url,
    details: TEXT_RULE,
    reference: TEXT_RULE,
    required_confirmations: integerRule(0),
  };
  return problemsOf(creation, { name: 'creation', rules, isOpen: true });
}

function isAmount(value: unknown): boolean {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && /[1-9]/.test(value);
}

function urlRule(allowHttp: boolean): Rule {
  // The pattern refuses what URL would repair, such as a leading space.
  const pattern = allowHttp ? /^https?:\/\//i : /^https:\/\//i;
  const isUrl = (value: unknown): boolean => typeof value === 'string' && pattern.test(value) && URL.canParse(value);
  return boundedTextRule(isUrl, `${allowHttp ? 'an http or https' : 'an https'} URL`);
}
