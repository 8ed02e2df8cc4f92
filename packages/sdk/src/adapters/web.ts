import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { boundedBody, withinBounds } from './bounded-body.ts';

/** The part of the standard `Request` that the adapter uses. */
export type WebRequest = Pick<Request, 'headers' | 'body' | 'bodyUsed'>;

/** The part of Hono's `context.req` that the adapter uses: the request, and its cached body. */
export interface HonoRequest {
  raw: WebRequest;
  bodyCache: { text?: unknown; arrayBuffer?: unknown };
}

/**
 * Receives callbacks wherever a `Request` is answered with a `Response`: route handlers of Next.js, Hono, Workers, Bun and Deno.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * // Next.js, app/callback/route.ts
 * export const POST = webCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event));
 * // Hono, even after a middleware that has read the body
 * app.post('/callback', (context) => POST(context.req));
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
    // Undefined if something read the body and kept no copy: the callback handler's error says what to change.
    return bytes instanceof ArrayBuffer ? withinBounds(new Uint8Array(bytes), maxBytes) : undefined;
  }
  return await boundedBody(piecesOf(request.body), maxBytes);
}

/** Reads a stream by its reader, because not every runtime can iterate a stream. */
async function* piecesOf(body: WebRequest['body']): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) yield read.value;
  } finally {
    // The rest of the body is not awaited, and a failure to cancel does not matter.
    void reader?.cancel().catch(() => undefined);
  }
}
