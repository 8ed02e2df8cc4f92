import { CallbackError } from './callback-error.ts';

/** A request's body as it came: text, or bytes, such as a `Buffer`. */
export type RawBody = string | ArrayBufferLike | ArrayBufferView;

const FRAMEWORKS = `Take it unparsed:
  Express: express.raw({ type: '*/*' })
  Fastify: addContentTypeParser with { parseAs: 'buffer' }
  NestJS: NestFactory.create with { rawBody: true }
  others: await request.text()`;

/**
 * The bytes of a body, where they are.
 *
 * @throws CallbackError with the line of the caller's framework to change.
 */
export function bytesOf(rawBody: unknown): Uint8Array {
  if (typeof rawBody === 'string') return ENCODER.encode(rawBody);
  // Not instanceof: a test runner's bytes can come from another realm. An ArrayBuffer is a buffer without an offset.
  const { buffer = rawBody as ArrayBuffer, byteOffset, byteLength } = (rawBody ?? {}) as Partial<Uint8Array>;
  if (typeof byteLength === 'number') return new Uint8Array(buffer, byteOffset, byteLength);
  // Only the kind of what came: its text may be anybody's.
  const kind = Object.prototype.toString.call(rawBody);
  throw new CallbackError('no_raw_body', `expected the raw body, got ${kind}. ${FRAMEWORKS}`);
}

const ENCODER = new TextEncoder();
