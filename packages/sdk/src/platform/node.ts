/** What the client uses of Node, and of runtimes with Node's modules, such as Bun and Deno. */
import type { Deadline } from '../http/deadline.ts';
import type { Fetch, FetchInit } from '../http/fetch.ts';
import { globalFetch } from '../http/global-fetch.ts';

export { HTTP_RULES, parseFetch } from '../node/http-options.ts';
export { connectionFailure } from '../http/connection-failure.ts';

/** Connects a request to its deadline, and forbids caching its answer. */
export function prepareFetch(fetch: Fetch, init: FetchInit, deadline: Deadline): void {
  if (fetch.takesOnOver) {
    init.onOver = (listener) => (deadline.onOver = listener);
    return;
  }
  init.signal = deadline.signal();
  if (wantsNoStore(fetch === globalFetch)) init.cache = 'no-store';
}

let known: unknown;
let isNodesOwn = false;

/**
 * Returns whether to set `cache: 'no-store'`. Node's own `fetch` has no cache, and the option costs a twentieth of a request; a
 * framework's replacement, such as that of Next.js, has one.
 */
function wantsNoStore(isGlobal: boolean): boolean {
  const { fetch } = globalThis;
  if (fetch !== known) isNodesOwn = /internal\/deps\/undici|lazyUndici/.test(String(fetch));
  known = fetch;
  return !(isGlobal && isNodesOwn);
}
