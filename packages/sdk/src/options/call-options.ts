import { newIdempotencyKey } from '#runtime';
import { checkOptions } from '../checks/check-options.ts';
import { describeType, DURATION_RULE, integerRule, mergeRules, isObject, type Rule, type Rules } from '../checks/value-rules.ts';
import { HEADERS_RULE, type HeaderValues, parseHeaders } from './headers.ts';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call with an AbortError. */
  signal?: AbortSignal | undefined;
  /** In milliseconds; instead of the client's own. */
  timeoutMs?: number | undefined;
  /** 0 to 10; instead of the client's own. */
  maxRetries?: number | undefined;
  /** Sent along, such as a trace id; not those that the library sets itself. */
  headers?: HeaderValues | undefined;
}

/** What a login takes: it is shared, and has the retries of the client. */
export type LoginOptions = Pick<CallOptions, 'signal' | 'timeoutMs'>;

/** What a call that makes an order takes. */
export interface CreateOptions extends CallOptions {
  /**
   * The `Idempotency-Key` to send: 1 to 255 visible ASCII characters, such as the id of your cart. Default: a new UUID
   * for every call. A gateway answers the same key and the same order with the first answer for 24 hours, so your own
   * key makes a call safe to repeat by yourself; on the public platform do not rely on it.
   */
  idempotencyKey?: string | undefined;
}

/** The options of one call, checked and complete. */
export interface CallSettings {
  signal: AbortSignal | undefined;
  timeoutMs: number;
  maxRetries: number;
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
}

/** What a client gives to calls that have no such option of their own. */
export type CallDefaults = Pick<CallSettings, 'timeoutMs' | 'maxRetries' | 'headers'>;

/** How many times a failed request may be sent again. */
export const RETRIES_RULE: Rule = /* @__PURE__ */ integerRule(0, 10);

/** What the options of a login take. */
export const LOGIN_RULES: Rules<LoginOptions> = {
  signal: [(signal) => isObject(signal) && 'onabort' in signal, 'an AbortSignal'],
  timeoutMs: DURATION_RULE,
};

/** What the options of every call take. */
export const CALL_RULES: Rules<CallOptions> = /* @__PURE__ */ mergeRules(
  {
    maxRetries: RETRIES_RULE,
    headers: HEADERS_RULE,
  },
  LOGIN_RULES,
);

/** What the options of a call that makes an order take. */
export const CREATE_RULES: Rules<CreateOptions> = /* @__PURE__ */ mergeRules(
  {
    // Visible ASCII is what a header carries unharmed.
    idempotencyKey: [
      (key) => typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key),
      '1 to 255 visible ASCII characters',
      describeType,
    ],
  },
  CALL_RULES,
);

/** Checks the options of one call by the rules of its kind, and fills in the client's own. */
export function parseCallOptions(options: CallOptions, defaults: CallDefaults, rules: Rules<LoginOptions>): CallSettings {
  checkOptions(options, rules);
  const { signal, timeoutMs = defaults.timeoutMs, maxRetries = defaults.maxRetries, headers } = options;
  const own = defaults.headers;
  return { signal, timeoutMs, maxRetries, headers: headers === undefined ? own : { ...own, ...parseHeaders(headers) } };
}

/** Checks the options of a call that makes an order. @returns the Idempotency-Key to send. */
export function parseIdempotencyKey(options: CreateOptions): string {
  checkOptions(options, CREATE_RULES);
  return options.idempotencyKey ?? newIdempotencyKey();
}
