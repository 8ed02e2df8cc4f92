/** What the client takes from Node, and from whatever runs Node's modules, such as Bun and Deno. */
import type { Deadline } from '../http/deadline.ts';
import type { Fetch, FetchInit } from '../http/fetch.ts';
import { globalFetch } from '../http/global-fetch.ts';

export { HTTP_RULES, parseFetch } from '../node/http-options.ts';
export { connectionFailure } from '../http/connection-failure.ts';

/** Lets a request be ended by its deadline, and keeps its answer out of caches. */
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
 * Whether to ask for `cache: 'no-store'`. Node's own `fetch` has no cache, and what it does on being asked costs a twentieth of a
 * request; what a framework such as Next.js put in its place has one.
 */
function wantsNoStore(isGlobal: boolean): boolean {
  const { fetch } = globalThis;
  if (fetch !== known) isNodesOwn = /internal\/deps\/undici|lazyUndici/.test(String(fetch));
  known = fetch;
  return !(isGlobal && isNodesOwn);
}
