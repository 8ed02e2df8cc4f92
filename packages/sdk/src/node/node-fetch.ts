import type { Fetch, FetchAnswer, FetchInit } from '../http/fetch.ts';
import { exchange } from './exchange.ts';
import { type NodeFetchOptions, type Route, createRoutes } from './routes.ts';

/**
 * Makes a `fetch` for this library out of `node:http` and `node:https`. It costs half of what the global one does, keeps
 * connections alive, follows no redirect, unpacks no body, and reads no more than 1 MiB of one.
 *
 * A kept connection may be closed by the server just when a request goes out on it. If it breaks before a byte of the answer
 * has come, a GET or DELETE goes out again, once and on a new connection. A POST or PATCH does not: the server may have acted
 * on it, and the client knows better which of them may be repeated.
 *
 * @throws ConfigurationError when options are wrong or contradict each other, and where there is no `node:http`.
 * @example
 * const client = new Client({ mode: 'live', clientId, secret, http: { fetch: nodeFetch() } });
 */
export function nodeFetch(options: NodeFetchOptions = {}): Fetch {
  const routes = createRoutes(options);
  let origin: string | undefined;
  let route: Route;
  const send = async (address: string, init: FetchInit): Promise<FetchAnswer> => {
    const url = new URL(address);
    // A client has one server: its route is found once.
    if (origin !== url.origin) route = routes.routeTo(url);
    origin = url.origin;
    const isRepeatable = init.method === 'GET' || init.method === 'DELETE';
    return await exchange(route, route.prefix + url.pathname + url.search, init, isRepeatable);
  };
  const close = async (): Promise<void> => {
    // The connection of an answer that has just been read is idle only after this turn.
    await new Promise((resolve) => setTimeout(resolve));
    routes.closeIdle();
  };
  return Object.assign(send, { takesOnOver: true, close } as const);
}
