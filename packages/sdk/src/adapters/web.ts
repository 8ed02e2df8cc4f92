import type { CallbackHandler } from '../callbacks/index.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { boundedBody, MAX_BODY_BYTES, type TOO_LARGE } from './bounded-body.ts';

/** The part of the standard `Request` that is used. */
export type WebRequest = Pick<Request, 'headers' | 'body' | 'bodyUsed'>;

/**
 * Takes callbacks wherever a `Request` is answered with a `Response`: route handlers of Next.js, Hono, Workers, Bun, Deno.
 *
 * @example
 * // Next.js, app/callback/route.ts
 * export const POST = webCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event));
 * // Hono
 * app.post('/callback', (context) => take(context.req.raw));
 */
export function webCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  { maxBodyBytes = MAX_BODY_BYTES, onError }: AdapterOptions = {},
): (request: WebRequest) => Promise<Response> {
  return async (request) => {
    const readBody = (): Promise<unknown> => webBody(request, maxBodyBytes);
    const { status, text } = await answerCallback(callbacks, handle, { headers: request.headers, readBody, onError });
    return new Response(status === 204 ? null : text, { status });
  };
}

async function webBody(request: WebRequest, maxBytes: number): Promise<Uint8Array | typeof TOO_LARGE | undefined> {
  // Read by something before us: the handler says what to change.
  if (request.bodyUsed) return undefined;
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
