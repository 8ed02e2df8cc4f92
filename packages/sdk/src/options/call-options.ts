import { newIdempotencyKey } from '#runtime';
import { checkOptions } from '../checks/check-options.ts';
import { describeType, DURATION_RULE, integerRule, mergeRules, isObject, type Rule, type Rules } from '../checks/value-rules.ts';
import type { HeaderValues } from './header-values.ts';
import { HEADERS_RULE, parseHeaders } from './headers.ts';

/** The options that every call takes. */
export interface CallOptions {
  /** Aborts the call, which then fails with an AbortError. */
  signal?: AbortSignal | undefined;
  /** The time limit of the call in milliseconds. Default: the client's `http.timeoutMs`. */
  timeoutMs?: number | undefined;
  /** The maximum number of retries, 0 to 10. Default: the client's `maxRetries`. */
  maxRetries?: number | undefined;
  /** Extra headers, such as a trace id; not those that the library sets itself. */
  headers?: HeaderValues | undefined;
}

/** The options of a login, which is shared and retried as the client says. */
export type LoginOptions = Pick<CallOptions, 'signal' | 'timeoutMs'>;

/** The options of a call that creates an order. */
export interface CreateOptions extends CallOptions {
  /**
   * The `Idempotency-Key` to send: 1 to 255 visible ASCII characters, such as the id of your cart. Default: a new UUID per call.
   * For 24 hours, a gateway answers the same order with the same key with the first answer, so with your own key you can repeat
   * the call safely. Do not rely on it with the public platform.
   */
  idempotencyKey?: string | undefined;
}

/** The options of one call, checked and complete. */
export interface CallSettings {
  signal: AbortSignal | undefined;
  timeoutMs: number;
  maxRetries: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
}

/** The client's defaults for the options of a call. */
export type CallDefaults = Pick<CallSettings, 'timeoutMs' | 'maxRetries' | 'headers'>;

/** Accepts a maximum number of retries. */
export const RETRIES_RULE: Rule = /* @__PURE__ */ integerRule(0, 10);

/** The rules for the options of a login. */
export const LOGIN_RULES: Rules<LoginOptions> = {
  signal: [(signal) => isObject(signal) && 'onabort' in signal, 'an AbortSignal'],
  timeoutMs: DURATION_RULE,
};

/** The rules for the options of every call. */
export const CALL_RULES: Rules<CallOptions> = /* @__PURE__ */ mergeRules(
  {
    maxRetries: RETRIES_RULE,
    headers: HEADERS_RULE,
  },
  LOGIN_RULES,
);

/** The rules for the options of a call that creates an order. */
export const CREATE_RULES: Rules<CreateOptions> = /* @__PURE__ */ mergeRules(
  {
    // Visible ASCII, which a header carries unchanged.
    idempotencyKey: [
      (key) => typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key),
      '1 to 255 visible ASCII characters',
      describeType,
    ],
  },
  CALL_RULES,
);

/** Checks the options of one call by the rules of its kind, and fills in the client's defaults. */
export function parseCallOptions(options: CallOptions, defaults: CallDefaults, rules: Rules<LoginOptions>): CallSettings {
  checkOptions(options, rules);
  const { signal, timeoutMs = defaults.timeoutMs, maxRetries = defaults.maxRetries, headers } = options;
  const own = defaults.headers;
  return { signal, timeoutMs, maxRetries, headers: headers === undefined ? own : { ...own, ...parseHeaders(headers) } };
}

/** Checks the options of a call that creates an order. @returns the Idempotency-Key to send. */
export function parseIdempotencyKey(options: CreateOptions): string {
  checkOptions(options, CREATE_RULES);
  return options.idempotencyKey ?? newIdempotencyKey();
}
