import { DURATION_RULE, type Rules, typeRule } from '../checks/value-rules.ts';
import type { Fetch } from '../http/fetch.ts';
import { HEADERS_RULE, type HeaderValues } from './headers.ts';

/**
 * How requests reach the gateway. `agent`, `proxy` and `verifySsl: false` go over `node:http`, as `nodeFetch` does, and not with `fetch`;
 * `dispatcher` is for the `fetch` of Node. Where there is no Node, these four are refused.
 */
export interface HttpOptions {
  /** The time of a whole call in milliseconds: login, tries, waits and body. Default: 10000. */
  timeoutMs?: number | undefined;
  /** Used instead of the global `fetch`: `nodeFetch()` of `@webpos/sdk/node`, or one for tests. */
  fetch?: Fetch | undefined;
  /**
   * Sent with every request, the login included, such as the service token of Cloudflare Access; not those that the library sets
   * itself. Errors show `[redacted]` in place of their values.
   */
  headers?: HeaderValues | undefined;
  /** Handed on to `fetch`: the dispatcher of undici, which Node's `fetch` takes too. */
  dispatcher?: object | undefined;
  /** An agent of `node:http` or `node:https`, as the base URL asks for. */
  agent?: object | undefined;
  /** The HTTP proxy to go through: `http://user:password@proxy.example:3128`. */
  proxy?: string | URL | undefined;
  /**
   * `false` takes **any** certificate: anyone who stands on the way can read the secret, take the orders and put an address of
   * his own in the place of yours. For a test on your own machine, if at all; for a private authority give
   * `nodeFetch({ ca })`. Default: true.
   */
  verifySsl?: boolean | undefined;
}

/** What the `http` options take everywhere. */
export const COMMON_HTTP_RULES: Rules<Pick<HttpOptions, 'timeoutMs' | 'fetch' | 'headers'>> = {
  timeoutMs: DURATION_RULE,
  fetch: /* @__PURE__ */ typeRule('function'),
  headers: HEADERS_RULE,
};
