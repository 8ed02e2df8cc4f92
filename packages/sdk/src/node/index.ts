/**
 * A transport over `node:http` and `node:https`, for Node and whatever runs its modules: it costs half of what `fetch` does,
 * and takes an agent, a proxy and authorities of your own.
 */
export { nodeFetch } from './node-fetch.ts';
export type { NodeFetchOptions } from './routes.ts';
export type { Fetch, FetchAnswer, FetchInit } from '../http/fetch.ts';
