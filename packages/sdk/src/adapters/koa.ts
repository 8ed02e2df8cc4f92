import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { nodeBody, type NodeRequest } from './node-body.ts';

/** The part of Koa's context that the adapter uses. */
export interface KoaContext {
  req: NodeRequest;
  request: { body?: unknown; rawBody?: unknown };
  status: number;
  body?: unknown;
  set(name: string, value: string): void;
}

/**
 * Receives callbacks as Koa middleware, alone or in a router. No body parser is needed. If one has read the body, the adapter
 * uses the text that it kept: the `rawBody` of `koa-bodyparser`, or the unparsed body of `koaBody({ includeUnparsed: true })`.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * router.post('/callback', koaCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event)));
 */
export function koaCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options: AdapterOptions = {},
): (context: KoaContext) => Promise<void> {
  const { maxBodyBytes, onError } = parseAdapterOptions(options, ADAPTER_RULES);
  return async (context) => {
    const { req, request } = context;
    const readBody = (): Promise<unknown> => nodeBody(withParsed(req, request), maxBodyBytes);
    const { status, text } = await answerCallback(callbacks, handle, { headers: req.headers, readBody, onError });
    if (status === 413) context.set('connection', 'close');
    context.status = status;
    if (status !== 204) context.body = text;
  };
}

/** Koa's body parsers store the body in Koa's request, not in Node's. */
function withParsed(req: NodeRequest, { body, rawBody }: KoaContext['request']): NodeRequest {
  const { headers, readableDidRead, readableEnded } = req;
  return {
    headers,
    body,
    rawBody,
    ...(readableDidRead === undefined ? {} : { readableDidRead }),
    ...(readableEnded === undefined ? {} : { readableEnded }),
    [Symbol.asyncIterator]: () => (req.iterator?.({ destroyOnReturn: false }) ?? req)[Symbol.asyncIterator](),
  };
}
