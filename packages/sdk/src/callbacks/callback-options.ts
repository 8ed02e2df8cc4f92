import { checkOptions } from '../checks/check-options.ts';
import { requireOption } from '../checks/require-option.ts';
import { isNonEmptyString, describeType, type Rules, secretRule, typeRule } from '../checks/value-rules.ts';
import type { CallbackHeaders } from './headers.ts';

/** What a signature says of how a callback was sent, besides that it is true. */
export interface Proof {
  /** The `webhook-id` header: the same each time that this callback is sent. */
  id?: string | undefined;
  /** The `webhook-timestamp` header: when this attempt was made, in seconds since 1970. */
  sentAtS?: number | undefined;
}

/**
 * Checks a signature of another scheme; `standardWebhooks` of `@webpos/sdk/adapters` makes one.
 *
 * @returns undefined when the request is not signed that way, so that `chainside-signature` decides.
 * @throws CallbackError when it is, and the signature is wrong.
 */
export type SignatureCheck = (headers: CallbackHeaders, body: Uint8Array) => Promise<Proof | undefined>;

/** The options that every {@link CallbackHandlerOptions} may hold. */
export interface CallbackLimits {
  /** The secret of the POS. */
  secret?: string | undefined;
  /** Several of them, while an old one is being replaced. */
  secrets?: readonly string[] | undefined;
  /** Takes a callback also by its Standard Webhooks headers: `standardWebhooks(secret)` of `@webpos/sdk/adapters`. */
  standardWebhooks?: SignatureCheck | undefined;
  /**
   * Refuses a callback that was sent longer ago than this, or as far in the future; in milliseconds. Where `standardWebhooks` has
   * verified `webhook-timestamp`, that time of the attempt counts, and the default is 5 minutes as the standard says. Elsewhere the
   * `created_at` of the body counts, the time of the event, and the default is any age: a callback may be retried for days.
   * `Infinity` accepts any age everywhere.
   */
  maxAgeMs?: number | undefined;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** What callbacks are checked by: the secret of the POS, the check of another scheme, or both. */
export type CallbackHandlerOptions = CallbackLimits &
  (
    | { secret: string; secrets?: undefined }
    | { secret?: undefined; secrets: readonly string[] }
    | { secret?: undefined; secrets?: undefined; standardWebhooks: SignatureCheck }
  );

/**
 * Checks the options, and gives the secrets.
 *
 * @throws ConfigurationError that names the wrong option; it never shows a secret.
 */
export function parseSecrets(options: CallbackLimits): readonly string[] {
  const isSigned = (options?.secrets ?? options?.standardWebhooks) !== undefined;
  const rules: Rules<CallbackLimits> = {
    secret: secretRule(!isSigned),
    secrets: [areSecrets, 'secrets that are not empty', describeType],
    standardWebhooks: typeRule('function'),
    maxAgeMs: [(maxAgeMs) => typeof maxAgeMs === 'number' && maxAgeMs > 0, 'a number above 0'],
    now: typeRule('function'),
  };
  checkOptions(options, rules);
  const { secret, secrets } = options;
  requireOption(!secrets || secret === undefined, 'secrets', 'none beside secret', secrets, 'both');
  return secrets ?? (secret === undefined ? [] : [secret]);
}

function areSecrets(secrets: unknown): boolean {
  return Array.isArray(secrets) && secrets.length > 0 && secrets.every(isNonEmptyString);
}
