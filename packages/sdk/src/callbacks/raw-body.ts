import { CallbackError } from './callback-error.ts';

/** A request's body as it came: text, or bytes (a `Buffer` is a `Uint8Array`). */
export type RawBody = string | Uint8Array | ArrayBuffer;

const FRAMEWORKS = `Hand it over before anything parses it:
  Express: express.raw({ type: '*/*' }) before express.json(), then request.body
  Fastify: addContentTypeParser('*', { parseAs: 'buffer' }, async (_, body) => body)
  NestJS: NestFactory.create(App, { rawBody: true }), then request.rawBody
  Next.js, Hono, Deno, Bun, Workers: await request.text()`;

/**
 * The bytes of a body, in memory of their own, which nobody changes while they are checked.
 *
 * @throws CallbackError with the line of the caller's framework to change.
 */
export function bytesOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === 'string') return new TextEncoder().encode(rawBody);
  // Not instanceof: a test runner's bytes can come from another realm. An ArrayBuffer is a buffer without an offset.
  const { buffer = rawBody as ArrayBuffer, byteOffset, byteLength } = (rawBody ?? {}) as Partial<Uint8Array>;
  if (typeof byteLength === 'number') return new Uint8Array(buffer, byteOffset, byteLength).slice();
  throw new CallbackError('no_raw_body', `expected the raw body, got ${describe(rawBody)}. ${FRAMEWORKS}`);
}

function describe(body: unknown): string {
  if (body == null) return `${body}: not read yet, or used up`;
  const isOpen = ['then', 'getReader', 'pipe', 'headers'].some((name) => name in Object(body));
  return isOpen ? 'a promise, a stream or a request: await its text' : 'what has been parsed from it';
}
