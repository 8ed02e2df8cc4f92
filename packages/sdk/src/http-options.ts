import { nodeFetch } from '#node-fetch';
import type { Fetch } from './fetch.ts';
import { need } from './need.ts';

/** The way to the gateway. `agent`, `proxy` and `verifySsl: false` go over `node:http`, as `nodeFetch` does, and not with `fetch`. */
export interface HttpOptions {
  /** The time of a whole call in milliseconds: login, tries, waits and body. Default: 10000. */
  timeoutMs?: number | undefined;
  /** Used instead of the global `fetch`: `nodeFetch()` of `@webpos/sdk/node`, or one for tests. */
  fetch?: Fetch | undefined;
  /** Handed on to `fetch`: the dispatcher of undici, which Node's `fetch` takes too. */
  dispatcher?: object | undefined;
  /** An agent of `node:http` or `node:https`, as the base URL asks for. */
  agent?: object | undefined;
  /** The HTTP proxy to go through: `http://user:password@proxy.example:3128`. */
  proxy?: string | URL | undefined;
  /**
   * `false` takes **any** certificate: whoever stands on the way can read the secret, take the orders and put an address of
   * his own in the place of yours. For a test on your own machine, if at all; for a private authority give
   * `nodeFetch({ ca })`. Default: true.
   */
  verifySsl?: boolean | undefined;
}

/**
 * Chooses what sends the requests.
 *
 * @throws ConfigurationError that names the field which is wrong, or contradicts another.
 */
export function parseFetch({ fetch, dispatcher, agent, proxy, verifySsl }: HttpOptions): Fetch {
  need(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function', fetch);
  need(dispatcher === undefined || typeof dispatcher === 'object', 'dispatcher', 'an object', dispatcher);
  if ((agent ?? proxy) !== undefined || !(verifySsl ?? true)) {
    need((fetch ?? dispatcher) === undefined, fetch ? 'fetch' : 'dispatcher', 'none beside agent, proxy, verifySsl', 0, 'both');
    return nodeFetch({ agent, proxy, verifySsl });
  }
  // The global is looked up at every call, so that a test which replaces it is heard; and called bare, as browsers demand.
  const own: Fetch = fetch ?? ((url, init) => globalThis.fetch(url, init));
  return dispatcher === undefined ? own : (url, init) => own(url, { ...init, dispatcher });
}
