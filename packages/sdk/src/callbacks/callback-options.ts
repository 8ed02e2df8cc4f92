import { ConfigurationError } from '../errors/index.ts';
import { parseSecret } from '../options.ts';
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
   * Refuses a callback that was sent longer ago than this, or as far in the future; in milliseconds. Default: any age.
   * What counts is `webhook-timestamp` where `standardWebhooks` has found it rightly signed: the time of this attempt. Else
   * it is the `created_at` of the body, the time of the event: allow for the days in which a callback is sent again.
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

/** Checks the secrets. @throws ConfigurationError that names the wrong option; it never shows a secret. */
export function parseSecrets({ secret, secrets, standardWebhooks }: CallbackLimits): readonly string[] {
  if (secrets === undefined) return secret === undefined && standardWebhooks ? [] : [parseSecret('secret', secret)];
  // JavaScript callers hand over anything.
  if (secret === undefined && Array.isArray(secrets) && secrets.length > 0)
    return secrets.map((one, index) => parseSecret(`secrets[${index}]`, one));
  throw new ConfigurationError('secrets', 'strings, and no secret', 'something else');
}
