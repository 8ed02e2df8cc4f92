import { DURATION_RULE, type Rules, typeRule } from '../checks/value-rules.ts';
import type { Fetch } from '../http/fetch.ts';
import type { HeaderValues } from './header-values.ts';
import { HEADERS_RULE } from './headers.ts';

/**
 * How requests reach the gateway. `agent`, `proxy` and `verifySsl: false` use `node:http`, like `nodeFetch`, instead of `fetch`;
 * `dispatcher` is for Node's `fetch`. These four are refused where `node:http` is not available.
 *
 * @example
 * new Client({ mode: 'live', clientId, secret, http: { timeoutMs: 5000, proxy: 'http://proxy.example:3128' } });
 */
export interface HttpOptions {
  /** The time limit of a whole call in milliseconds: login, attempts, waits and body. Default: 10000. */
  timeoutMs?: number | undefined;
  /** Replaces the global `fetch`: `nodeFetch()` of `@webpos/sdk/node`, or one for tests. */
  fetch?: Fetch | undefined;
  /**
   * Headers of every request, the login included, such as a service token of Cloudflare Access; not those that the library sets
   * itself. Errors show `[redacted]` instead of their values.
   */
  headers?: HeaderValues | undefined;
  /** Passed on to `fetch`: a dispatcher of undici, which Node's `fetch` supports too. */
  dispatcher?: object | undefined;
  /** An agent of `node:http` or `node:https`, to match the base URL. */
  agent?: object | undefined;
  /** The URL of an HTTP proxy: `http://user:password@proxy.example:3128`. */
  proxy?: string | URL | undefined;
  /**
   * `false` accepts **any** certificate: anyone between you and the gateway can read the secret, intercept orders and replace
   * your address by theirs. Use it for a test on your own machine, if at all; for a private authority, use `nodeFetch({ ca })`.
   * Default: true.
   */
  verifySsl?: boolean | undefined;
}

/** The rules of the `http` options that exist everywhere. */
export const COMMON_HTTP_RULES: Rules<Pick<HttpOptions, 'timeoutMs' | 'fetch' | 'headers'>> = {
  timeoutMs: DURATION_RULE,
  fetch: /* @__PURE__ */ typeRule('function'),
  headers: HEADERS_RULE,
};
