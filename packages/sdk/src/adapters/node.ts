import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { nodeBody, type NodeRequest } from './node-body.ts';

/** The part of Node's `ServerResponse` that is used. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(text?: string): unknown;
}

/**
 * Takes callbacks on a server of node:http, or wherever its requests and responses are: Next.js API routes (with
 * `export const config = { api: { bodyParser: false } }`), functions of cloud hosts. It looks at neither path nor method.
 *
 * @example
 * const take = nodeCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event));
 * createServer((request, response) => void (request.url === '/callback' ? take(request, response) : site(request, response)));
 */
export function nodeCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options: AdapterOptions = {},
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  const { maxBodyBytes, onError } = parseAdapterOptions(options, ADAPTER_RULES);
  return async (request, response) => {
    const { headers } = request;
    const readBody = (): Promise<unknown> => nodeBody(request, maxBodyBytes);
    const { status, text } = await answerCallback(callbacks, handle, { headers, readBody, onError });
    // What is left of a body that was too large is not read to its end.
    const close: Record<string, string> = status === 413 ? { connection: 'close' } : {};
    response.writeHead(status, { 'content-type': 'text/plain', ...close });
    response.end(text);
  };
}
