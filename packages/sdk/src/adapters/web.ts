import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { boundedBody, withinBounds } from './bounded-body.ts';

/** The part of the standard `Request` that is used. */
export type WebRequest = Pick<Request, 'headers' | 'body' | 'bodyUsed'>;

/** The part of Hono's `context.req` that is used: its request, and what was read of it. */
export interface HonoRequest {
  raw: WebRequest;
  bodyCache: { text?: unknown; arrayBuffer?: unknown };
}

/**
 * Takes callbacks wherever a `Request` is answered with a `Response`: route handlers of Next.js, Hono, Workers, Bun, Deno.
 *
 * @example
 * // Next.js, app/callback/route.ts
 * export const POST = webCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event));
 * // Hono, also after a middleware that has read the body
 * app.post('/callback', (context) => take(context.req));
 */
export function webCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options: AdapterOptions = {},
): (request: WebRequest | HonoRequest) => Promise<Response> {
  const { maxBodyBytes, onError } = parseAdapterOptions(options, ADAPTER_RULES);
  return async (given) => {
    const [request, kept] = 'raw' in given ? [given.raw, given.bodyCache] : [given, {}];
    const readBody = (): Promise<unknown> => webBody(request, kept, maxBodyBytes);
    const { status, text } = await answerCallback(callbacks, handle, { headers: request.headers, readBody, onError });
    return new Response(status === 204 ? null : text, { status });
  };
}

async function webBody(request: WebRequest, kept: HonoRequest['bodyCache'], maxBytes: number): Promise<unknown> {
  if (request.bodyUsed) {
    const text = await kept.text;
    if (typeof text === 'string') return withinBounds(text, maxBytes);
    const bytes = await kept.arrayBuffer;
    // Undefined where something before us has read it and kept nothing: the handler says what to change.
    return bytes instanceof ArrayBuffer ? withinBounds(new Uint8Array(bytes), maxBytes) : undefined;
  }
  return await boundedBody(piecesOf(request.body), maxBytes);
}

/** Not every runtime can iterate a stream. */
async function* piecesOf(body: WebRequest['body']): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) yield read.value;
  } finally {
    // A sender who has not yet sent all of it is not waited for; and that it was cut off is no error of ours.
    void reader?.cancel().catch(() => undefined);
  }
}
