import type { CallbackHandler } from '../callbacks/index.ts';
import type { AdapterOptions, HandleCallback } from './answer-callback.ts';
import { nodeCallbacks, type NodeResponse } from './node.ts';
import type { NodeRequest } from './node-body.ts';

/** Express's request, which extends Node's. */
export type ExpressRequest = NodeRequest;
/** Express's response, which extends Node's. */
export type ExpressResponse = NodeResponse;

/**
 * Receives callbacks on a route of Express 4 or 5. Add the route **before** `app.use(express.json())`, which consumes the raw
 * body; `express.raw()` is not needed. If the parser must come first, let it keep the raw body: `express.json({ verify: (request,
 * _response, body) => { request.rawBody = body; } })`.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * app.post('/callback', expressCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event)));
 * app.use(express.json());
 */
export function expressCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options?: AdapterOptions,
): (request: ExpressRequest, response: ExpressResponse) => Promise<void> {
  return nodeCallbacks(callbacks, handle, options);
}
