import type { Fetch, FetchAnswer, FetchInit } from '../http/fetch.ts';
import { exchange } from './exchange.ts';
import { type NodeFetchOptions, type Route, createRoutes } from './routes.ts';

/**
 * Makes a `fetch` for this library from `node:http` and `node:https`. It costs half as much as the global one, keeps connections
 * alive, follows no redirects, decompresses no bodies, and reads at most 1 MiB of a body.
 *
 * A server may close an idle connection just as a request is sent on it. If the connection breaks before the first byte of the
 * answer, a GET or DELETE is sent again, once, on a new connection. A POST or PATCH is not, because the server may have acted on
 * it, and the client knows better which of them can be repeated.
 *
 * @throws ConfigurationError if options are wrong or conflict with each other, or if there is no `node:http`.
 * @example
 * const client = new Client({ mode: 'live', clientId, secret, http: { fetch: nodeFetch() } });
 */
export function nodeFetch(options: NodeFetchOptions = {}): Fetch {
  const routes = createRoutes(options);
  let origin: string | undefined;
  let route: Route;
  const send = async (address: string, init: FetchInit): Promise<FetchAnswer> => {
    const url = new URL(address);
    // A client has one server, so its route is computed once.
    if (origin !== url.origin) route = routes.routeTo(url);
    origin = url.origin;
    const isRepeatable = init.method === 'GET' || init.method === 'DELETE';
    return await exchange(route, route.prefix + url.pathname + url.search, init, isRepeatable);
  };
  const close = async (): Promise<void> => {
    // The connection of an answer just read becomes idle after this turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve));
    routes.closeIdle();
  };
  return Object.assign(send, { takesOnOver: true, close } as const);
}
