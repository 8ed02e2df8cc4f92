import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { nodeBody, type NodeRequest } from './node-body.ts';

/** The part of Node's `ServerResponse` that the adapter uses. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(text?: string): unknown;
}

/**
 * Receives callbacks on a server of `node:http`, and on hosts with the same requests and responses: Next.js API routes (with
 * `export const config = { api: { bodyParser: false } }`) and functions of cloud hosts. It checks neither the path nor the
 * method.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * const receive = nodeCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event));
 * createServer((request, response) => void (request.url === '/callback' ? receive(request, response) : site(request, response)));
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
    // The rest of a body that is too large stays unread.
    const close: Record<string, string> = status === 413 ? { connection: 'close' } : {};
    response.writeHead(status, { 'content-type': 'text/plain', ...close });
    response.end(text);
  };
}
