/** The little that the shop needs of a web framework: routes, bounded bodies, answers. */
import type { IncomingHttpHeaders, IncomingMessage, RequestListener } from 'node:http';

export interface Request {
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
  /** As it came, byte for byte. */
  body: Buffer;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

type Handler = (request: Request) => Answer | Promise<Answer>;

/** Handlers by path and method. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST', Handler>>>>>;

/** An order with many transactions makes a callback of some kilobytes. */
const MAX_BODY_BYTES = 256 * 1024;

/** Sends the browser on to another page, after a form: it then asks for that page with GET. */
export function redirect(location: string): Answer {
  return { status: 303, headers: { location } };
}

export function json(value: unknown): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** @param nothing The answer where no route is. */
export function listener(routes: Routes, nothing: Answer): RequestListener {
  return (incoming, response) => {
    void answer(routes, nothing, incoming).then(({ status, headers, body = '' }) => {
      response.writeHead(status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
      response.end(body);
    });
  };
}

async function answer(routes: Routes, nothing: Answer, incoming: IncomingMessage): Promise<Answer> {
  try {
    const url = new URL(incoming.url ?? '/', 'http://shop.invalid');
    const handlers = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
    if (handlers === undefined) return nothing;
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
    const handler = method === 'GET' || method === 'POST' ? handlers[method] : undefined;
    if (handler === undefined) return { status: 405, headers: { allow: Object.keys(handlers).join(', ') } };
    const body = await readBody(incoming);
    if (body === undefined) return { status: 413, headers: { connection: 'close' } };
    return await handler({ headers: incoming.headers, query: url.searchParams, body });
  } catch (error) {
    console.error(error);
    return { status: 500 };
  }
}

/** The whole body; undefined when it is longer than we read. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed on return: the connection has yet to carry the refusal.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
