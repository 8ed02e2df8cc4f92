import type { CallbackHandler } from '../callbacks/index.ts';
import type { AdapterOptions, HandleCallback } from './answer-callback.ts';
import { nodeCallbacks, type NodeResponse } from './node.ts';
import type { NodeRequest } from './node-body.ts';

/** Express's request: Node's. */
export type ExpressRequest = NodeRequest;
/** Express's response: Node's. */
export type ExpressResponse = NodeResponse;

/**
 * Takes callbacks on a route of Express 4 or 5. No `express.raw()` is needed; but the route has to stand **before**
 * `app.use(express.json())`, which eats the raw body. Where that cannot be, let it keep the body:
 * `express.json({ verify: (request, _response, body) => { request.rawBody = body; } })`.
 *
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
