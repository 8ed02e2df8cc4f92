import type { Fetch, FetchAnswer, FetchInit } from '../fetch.ts';
import { exchange } from './exchange.ts';
import { type NodeFetchOptions, type Way, ways } from './way.ts';

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
  const wayTo = ways(options);
  let origin: string | undefined;
  let way: Way;
  const send = async (address: string, init: FetchInit): Promise<FetchAnswer> => {
    const url = new URL(address);
    // A client has one server: its way is found once.
    if (origin !== url.origin) way = wayTo(url);
    origin = url.origin;
    const isRepeatable = init.method === 'GET' || init.method === 'DELETE';
    return await exchange(way, way.prefix + url.pathname + url.search, init, isRepeatable);
  };
  return Object.assign(send, { takesOnOver: true } as const);
}
