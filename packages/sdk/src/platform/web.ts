/** Replaces `./node.ts` where Node's modules are missing: in browsers, in Workers, and in bundles for them. */
import { safeCause, takesNoStore } from '#runtime';
import { describeType, mergeRules, type Rule, type Rules } from '../checks/value-rules.ts';
import type { Deadline } from '../http/deadline.ts';
import type { Fetch, FetchInit } from '../http/fetch.ts';
import { globalFetch } from '../http/global-fetch.ts';
import { ConnectionError } from '../errors/connection-error.ts';
import type { Redact } from '../http/redact.ts';
import { COMMON_HTTP_RULES, type HttpOptions } from '../options/http-options.ts';

const NONE: Rule = [(value) => value === true, 'none without node:http', describeType];

/** The rules of a client's `http` options. */
export const HTTP_RULES: Rules<HttpOptions> = /* @__PURE__ */ mergeRules(
  { agent: NONE, dispatcher: NONE, proxy: NONE, verifySsl: NONE },
  COMMON_HTTP_RULES,
);

/** Chooses the transport. */
export function parseFetch({ fetch = globalFetch }: HttpOptions): Fetch {
  return fetch;
}

/**
 * Makes the error of an attempt without a complete answer. A browser hides the reason from the page, and a Worker gives no code,
 * so the request may always have arrived.
 */
export function connectionFailure(
  { method, path }: { method: string; path: string },
  thrown: unknown,
  redact: Redact,
): ConnectionError {
  const cause = safeCause(thrown, redact);
  const words = `the connection broke: ${cause?.message.slice(0, 200)}`;
  return new ConnectionError(words, { method, path, cause, kind: 'broken', neverArrived: false });
}

/** Connects a request to its deadline, and forbids caching its answer. */
export function prepareFetch(_fetch: Fetch, init: FetchInit, deadline: Deadline): void {
  init.signal = deadline.signal();
  if (takesNoStore()) init.cache = 'no-store';
}
