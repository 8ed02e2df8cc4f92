/** The HTTP server: what is the same for every route, and the routes. */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import formbody from '@fastify/formbody';
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '../services/context.ts';
import { ContractError } from '../services/contract-error.ts';
import type { LoginContext } from '../services/login.ts';
import { answerClientError } from './client-error.ts';
import type { Sandbox } from '../services/sandbox-events.ts';
import { errorAnswer } from './error-answer.ts';
import { healthRoutes, type Health } from './health-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { MOST_BODY_BYTES } from './schemas/limits.ts';
import { tokenRoutes } from './token-routes.ts';

/** How a request that went wrong inside is told of; the client learns only its id. */
export interface ApiLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

export interface ApiOptions {
  readonly context: ServiceContext & LoginContext;
  readonly sandbox: boolean;
  /** The chain that the test endpoints script, where there is one. */
  readonly scripted?: Sandbox | undefined;
  readonly health: () => Health;
  readonly log: ApiLog;
  readonly tls?: { readonly cert: string; readonly key: string };
}

const NODE_OPTIONS = {
  /** How often, in milliseconds, Node looks for requests that have run out of time. */
  connectionsCheckingInterval: 1_000,
  /** Checked below: Node's own answer has no body. */
  requireHostHeader: false,
};
/** How long requests under way may take to end once the server is closing. */
const CLOSING_MS = 3_000;

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
    // A request that comes on an open connection while we close is answered as ever: all that it needs is still open.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    // Paths that the router cannot read: no hook has seen them.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendError(options.log, error, request, reply.header('x-request-id', request.id)),
    ...(options.tls === undefined ? { http: NODE_OPTIONS } : { https: { ...options.tls, ...NODE_OPTIONS } }),
  } as object) as FastifyInstance;
  endSlowRequestsOnClose(server);
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    // RFC 9112, 3.2.
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined)
      throw new ContractError('0001', 'the request has no Host header');
  });
  // RFC 9110, 10.1.1: an expectation that we do not know may be passed over; Node would refuse it without a body.
  server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response));
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
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => sendError(options.log, error, request, reply));
  server.setNotFoundHandler((request, reply) =>
    sendError(options.log, new ContractError('3001', 'there is nothing at this path'), request, reply),
  );

  healthRoutes(server, options.health);
  await server.register(async (scope) => {
    // OAuth 2 asks for a form here; everywhere else bodies are JSON.
    await scope.register(formbody, { bodyLimit: MOST_BODY_BYTES });
    tokenRoutes(scope, options.context);
  });
  orderRoutes(server, options.context, { allowHttp: options.sandbox });
  sandboxRoutes(server, options.context, options.scripted);
  return server;
}

/** Once the server is closing, Node no longer ends requests that never come to their end; so we do. */
function endSlowRequestsOnClose(server: FastifyInstance): void {
  server.addHook('preClose', (done) => {
    setTimeout(() => server.server.closeAllConnections(), CLOSING_MS).unref();
    done();
  });
}

/** The older clients say `application/json` on requests that have no body. */
function acceptEmptyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    // Never mended in silence (RFC 8259, 8.1): a reference would come back as another one.
    if (typeof body === 'string' || !isUtf8(body)) return done(new ContractError('0001', 'the body is not UTF-8'));
    void parse(request, body.toString('utf8'), done);
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
