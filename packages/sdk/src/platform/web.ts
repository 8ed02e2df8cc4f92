/** Stands in for `./node.ts` where there is no Node: in browsers, in Workers, and in bundles for them. */
import { safeCause, takesNoStore } from '#runtime';
import { describeType, mergeRules, type Rule, type Rules } from '../checks/value-rules.ts';
import type { Deadline } from '../http/deadline.ts';
import type { Fetch, FetchInit } from '../http/fetch.ts';
import { globalFetch } from '../http/global-fetch.ts';
import { ConnectionError } from '../errors/connection-error.ts';
import type { Redact } from '../http/redact.ts';
import { COMMON_HTTP_RULES, type HttpOptions } from '../options/http-options.ts';

const NONE: Rule = [(value) => value === true, 'none without node:http', describeType];

/** What the `http` options of a client take. */
export const HTTP_RULES: Rules<HttpOptions> = /* @__PURE__ */ mergeRules(
  { agent: NONE, dispatcher: NONE, proxy: NONE, verifySsl: NONE },
  COMMON_HTTP_RULES,
);

/** What sends the requests. */
export function parseFetch({ fetch = globalFetch }: HttpOptions): Fetch {
  return fetch;
}

/**
 * The error of an attempt that brought no whole answer. A browser does not tell a page why, and a Worker gives no code: the request
 * may always have arrived.
 */
export function connectionFailure(
  { method, path, repeatable }: { method: string; path: string; repeatable: boolean },
  thrown: unknown,
  redact: Redact,
): ConnectionError {
  const words = `the connection broke: ${redact(String(thrown)).slice(0, 200)}`;
  const unsure = repeatable ? '' : '; what it asked for may have been done';
  const details = { method, path, cause: safeCause(thrown, redact), kind: 'broken', neverArrived: false } as const;
  return new ConnectionError(words + unsure, details);
}

/** Lets a request be ended by its deadline, and keeps its answer out of caches. */
export function prepareFetch(_fetch: Fetch, init: FetchInit, deadline: Deadline): void {
  init.signal = deadline.signal();
  if (takesNoStore()) init.cache = 'no-store';
}
