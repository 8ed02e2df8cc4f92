import { boundedBody, TOO_LARGE, withinBounds } from './bounded-body.ts';

/** The part of Node's `IncomingMessage` that is used, and what frameworks and hosts add to it. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  iterator?(options: { destroyOnReturn: boolean }): AsyncIterable<Uint8Array>;
  readableDidRead?: boolean;
  readableEnded?: boolean;
  /** What body parsers leave; bytes, text and what koa-body keeps with `includeUnparsed` are taken. */
  body?: unknown;
  /** What NestJS and hosts of functions leave. */
  rawBody?: unknown;
}

/** Where koa-body keeps the text of what it has parsed. */
const UNPARSED = Symbol.for('unparsedBody');

/** The raw body of a request of Node: what something before us has kept of it, or its stream. */
export async function nodeBody(request: NodeRequest, maxBytes: number): Promise<unknown> {
  const { rawBody, body } = request;
  const unparsed = (Object(body) as Readonly<Record<symbol, unknown>>)[UNPARSED];
  const kept = [rawBody, unparsed, body].find((each) => typeof each === 'string' || each instanceof Uint8Array);
  if (kept !== undefined) return withinBounds(kept, maxBytes);
  // Read by something before us: the handler says what to change.
  if (request.readableDidRead === true || request.readableEnded === true) return body;
  if (Number(request.headers['content-length']) > maxBytes) return TOO_LARGE;
  // Not destroyed when we stop: the connection has yet to carry the answer.
  return await boundedBody(request.iterator?.({ destroyOnReturn: false }) ?? request, maxBytes);
}
