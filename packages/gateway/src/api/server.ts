/** The HTTP server: what is the same for every route, and the routes. */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import formbody from '@fastify/formbody';
import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '../services/context.ts';
import { ContractError } from '../services/contract-error.ts';
import type { LoginContext } from '../services/login.ts';
import { errorAnswer } from './error-answer.ts';
import { healthRoutes, type Health } from './health-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** How a request that went wrong inside is told of; the client learns only its id. */
export interface ApiLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

export interface ApiOptions {
  readonly context: ServiceContext & LoginContext;
  readonly sandbox: boolean;
  readonly health: () => Health;
  readonly log: ApiLog;
  readonly tls?: { readonly cert: string; readonly key: string };
}

const MOST_BODY_BYTES = 64 * 1024;

/** A server that is ready to listen, or to be asked in process by `inject`. */
export async function createServer(options: ApiOptions): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    ...(options.tls === undefined ? {} : { https: options.tls }),
  } as object) as FastifyInstance;
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  server.addHook('onResponse', async (request, reply) => {
    options.log.info(
      {
        request: request.id,
        method: request.method,
        path: pathOf(request),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  acceptEmptyJson(server);
  await server.register(formbody, { bodyLimit: MOST_BODY_BYTES });
  server.setErrorHandler((error, request, reply) => sendError(options.log, error, request, reply));
  server.setNotFoundHandler((request, reply) =>
    sendError(options.log, new ContractError('3001', 'there is nothing at this path'), request, reply),
  );

  healthRoutes(server, options.health);
  tokenRoutes(server, options.context);
  orderRoutes(server, options.context, { allowHttp: options.sandbox });
  return server;
}

/** The older clients say `application/json` on requests that have no body. */
function acceptEmptyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    void parse(request, body as string, done);
  });
}

function sendError(log: ApiLog, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = errorAnswer(error, request.id);
  if (answer.status >= 500 && answer.unexpected)
    log.error({ request: request.id, method: request.method, path: pathOf(request), err: error }, 'request failed');
  void reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** Without the query, which may hold what a log should not. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
