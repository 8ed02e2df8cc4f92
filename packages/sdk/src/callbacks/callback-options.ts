import { checkOptions } from '../checks/check-options.ts';
import { requireOption } from '../checks/require-option.ts';
import { isNonEmptyString, describeType, type Rules, secretRule, typeRule } from '../checks/value-rules.ts';
import type { CallbackHeaders } from './headers.ts';

/** What a signature proves about how a callback was sent. */
export interface Proof {
  /** The `webhook-id` header: the same at every attempt to deliver this callback. */
  id?: string | undefined;
  /** The `webhook-timestamp` header: the time of this attempt, in seconds since 1970. */
  sentAtS?: number | undefined;
}

/**
 * Checks a signature of another scheme; `standardWebhooks` of `@webpos/sdk/adapters` makes one.
 *
 * @returns undefined if the request is not signed that way, so that `chainside-signature` decides.
 * @throws CallbackError if it is, and the signature is wrong.
 */
export type SignatureCheck = (headers: CallbackHeaders, body: Uint8Array) => Promise<Proof | undefined>;

/** The options of a `CallbackHandler`, each optional; {@link CallbackHandlerOptions} says which must be given. */
export interface CallbackLimits {
  /** The secret of the POS. */
  secret?: string | undefined;
  /** Several secrets, while one replaces another. Not together with `secret`. */
  secrets?: readonly string[] | undefined;
  /** Also accepts a callback by its Standard Webhooks headers: `standardWebhooks(secret)` of `@webpos/sdk/adapters`. */
  standardWebhooks?: SignatureCheck | undefined;
  /**
   * Refuses a callback sent longer ago than this, or as far in the future, in milliseconds. If `standardWebhooks` has verified
   * `webhook-timestamp`, the time of the attempt counts, and the default is 5 minutes, as the standard says. Otherwise the
   * `created_at` of the body counts, the time of the event, and the default is any age, because a callback may be retried for
   * days. `Infinity` accepts any age.
   */
  maxAgeMs?: number | undefined;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** The options of a `CallbackHandler`: the secret or secrets of the POS, a check of another scheme, or both. */
export type CallbackHandlerOptions = CallbackLimits &
  (
    | { secret: string; secrets?: undefined }
    | { secret?: undefined; secrets: readonly string[] }
    | { secret?: undefined; secrets?: undefined; standardWebhooks: SignatureCheck }
  );

/**
 * Checks the options and returns the secrets.
 *
 * @throws ConfigurationError naming the wrong option; it never contains a secret.
 */
export function parseSecrets(options: CallbackLimits): readonly string[] {
  const isSigned = (options?.secrets ?? options?.standardWebhooks) !== undefined;
  const rules: Rules<CallbackLimits> = {
    secret: secretRule(!isSigned),
    secrets: [areSecrets, 'non-empty strings', describeType],
    standardWebhooks: typeRule('function'),
    maxAgeMs: [(maxAgeMs) => typeof maxAgeMs === 'number' && maxAgeMs > 0, 'a number above 0'],
    now: typeRule('function'),
  };
  checkOptions(options, rules);
  const { secret, secrets } = options;
  requireOption(!secrets || secret === undefined, 'secrets', 'secret or secrets', secrets, 'both');
  return secrets ?? (secret === undefined ? [] : [secret]);
}

function areSecrets(secrets: unknown): boolean {
  return Array.isArray(secrets) && secrets.length > 0 && secrets.every(isNonEmptyString);
}
