import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import type { Rules } from '../checks/value-rules.ts';

/** The part of Fastify's request that the adapter uses. */
export interface FastifyRequestLike {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  body: unknown;
  log: { error(error: unknown): void; warn(error: unknown): void };
}

/** The part of Fastify's reply that the adapter uses. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  send(text: string): unknown;
}

/** The part of a Fastify instance that the adapter uses. */
export interface FastifyInstanceLike {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: unknown) => Promise<unknown>,
  ): unknown;
  post(
    path: string,
    options: { bodyLimit: number },
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

const RULES: Rules<AdapterOptions & { path: string }> = {
  ...ADAPTER_RULES,
  path: [(path) => typeof path === 'string' && path.startsWith('/'), 'a path that begins with /', undefined, true],
};

/**
 * Makes a Fastify plugin that receives callbacks on `path`. It keeps the raw body for this route only: a Fastify plugin has
 * content type parsers of its own, and those of the rest of the application stay as they are. Without `onError`, errors go to the
 * request's log. Fastify itself answers a body that is too large, with 413.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * app.register(fastifyCallbacks(callbacks, ({ event, object }) => shop.update(object.uuid, event), { path: '/callback' }));
 */
export function fastifyCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options: AdapterOptions & { path: string },
): (instance: FastifyInstanceLike) => Promise<void> {
  const { path, maxBodyBytes, onError } = parseAdapterOptions(options, RULES);
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, async (_request, body) => body);
    instance.post(path, { bodyLimit: maxBodyBytes }, async (request, reply) => {
      const { headers, body } = request;
      // Undefined means that the request has no body, as nothing before this plugin has read it.
      const readBody = async (): Promise<unknown> => body ?? '';
      const report = (error: unknown, answered: number): void => request.log[answered === 500 ? 'error' : 'warn'](error);
      const { status, text } = await answerCallback(callbacks, handle, { headers, readBody, onError, report });
      reply.code(status);
      return reply.send(text);
    });
  };
}
