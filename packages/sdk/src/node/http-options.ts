/** Checks a client's `http` options and chooses its transport, where `node:http` is available. */
import { requireOption } from '../checks/require-option.ts';
import { mergeRules, OBJECT_RULE, type Rules } from '../checks/value-rules.ts';
import type { Fetch } from '../http/fetch.ts';
import { globalFetch } from '../http/global-fetch.ts';
import { COMMON_HTTP_RULES, type HttpOptions } from '../options/http-options.ts';
import { nodeFetch } from './node-fetch.ts';
import { ROUTE_RULES } from './route-rules.ts';

export const HTTP_RULES: Rules<HttpOptions> = /* @__PURE__ */ mergeRules(
  { ...ROUTE_RULES, dispatcher: OBJECT_RULE },
  COMMON_HTTP_RULES,
);

/**
 * Chooses the transport.
 *
 * @throws ConfigurationError naming the wrong or conflicting option.
 */
export function parseFetch({ fetch, dispatcher, agent, proxy, verifySsl }: HttpOptions): Fetch {
  if ((agent ?? proxy) !== undefined || !(verifySsl ?? true)) {
    requireOption(
      (fetch ?? dispatcher) === undefined,
      fetch ? 'fetch' : 'dispatcher',
      'none with agent, proxy or verifySsl',
      0,
      'both',
    );
    return nodeFetch({ agent, proxy, verifySsl });
  }
  const own = fetch ?? globalFetch;
  return dispatcher === undefined ? own : (url, init) => own(url, Object.assign({ dispatcher }, init));
}
