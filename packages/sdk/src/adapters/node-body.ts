import { boundedBody, TOO_LARGE, withinBounds } from './bounded-body.ts';

/** The part of Node's `IncomingMessage` that the adapter uses, and what frameworks and hosts add to it. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  iterator?(options: { destroyOnReturn: boolean }): AsyncIterable<Uint8Array>;
  readableDidRead?: boolean;
  readableEnded?: boolean;
  /** Set by body parsers. The adapter uses bytes, text, and the unparsed text that koa-body keeps with `includeUnparsed`. */
  body?: unknown;
  /** Set by NestJS and by hosts of functions. */
  rawBody?: unknown;
}

/** The property in which koa-body keeps the unparsed text. */
const UNPARSED = Symbol.for('unparsedBody');

/** Reads the raw body of a Node request: the copy that a framework kept, or else the stream. */
export async function nodeBody(request: NodeRequest, maxBytes: number): Promise<unknown> {
  const { rawBody, body } = request;
  const unparsed = (Object(body) as Readonly<Record<symbol, unknown>>)[UNPARSED];
  const kept = [rawBody, unparsed, body].find((each) => typeof each === 'string' || each instanceof Uint8Array);
  if (kept !== undefined) return withinBounds(kept, maxBytes);
  // A parser has consumed the stream and kept no raw body: the callback handler's error says what to change.
  if (request.readableDidRead === true || request.readableEnded === true) return body;
  if (Number(request.headers['content-length']) > maxBytes) return TOO_LARGE;
  // Not destroyed on an early return, because the connection must still carry the answer.
  return await boundedBody(request.iterator?.({ destroyOnReturn: false }) ?? request, maxBytes);
}
