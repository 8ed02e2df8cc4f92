import { CallbackError } from './callback-error.ts';

/** A request's body as it came: text, or bytes (a `Buffer` is a `Uint8Array`). */
export type RawBody = string | Uint8Array | ArrayBuffer;

const FRAMEWORKS = `Hand over the body as it came, before anything parses it:
  Express: app.post(path, express.raw({ type: '*/*' }), ...) before any app.use(express.json()), then request.body
  Fastify: app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  NestJS: NestFactory.create(AppModule, { rawBody: true }), then request.rawBody
  Next.js, Hono, Deno, Bun, Workers: await request.text()
  Next.js pages: export const config = { api: { bodyParser: false } }, then read the stream of the request`;

/**
 * The bytes of a body, in memory of their own, which nobody changes while they are checked.
 *
 * @throws CallbackError with the line of the caller's framework to change.
 */
export function bytesOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === 'string') return new TextEncoder().encode(rawBody);
  // Not instanceof: a test runner's bytes can come from another realm.
  if (ArrayBuffer.isView(rawBody)) return copy(new Uint8Array(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength));
  if (Object.prototype.toString.call(rawBody) === '[object ArrayBuffer]') return copy(new Uint8Array(rawBody as ArrayBuffer));
  throw new CallbackError(
    'no_raw_body',
    `the signature covers the raw body, but what came is ${describe(rawBody)}. ${FRAMEWORKS}`,
  );
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function describe(body: unknown): string {
  if (body === undefined || body === null) return `${body}: nothing has read it yet, or something has used it up`;
  if (body instanceof Promise) return 'a promise: await it first';
  if (typeof body !== 'object') return `a ${typeof body}`;
  if ('getReader' in body || 'pipe' in body || 'headers' in body) return 'a stream or a whole request';
  return 'an object that has been parsed from it';
}
