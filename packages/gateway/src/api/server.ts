/** The HTTP server: what is the same for every route, and the routes. */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import formbody from '@fastify/formbody';
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { TrustProxy } from '../config/trust-proxy.ts';
import { firstSegment, withoutBase } from '../kernel/base-path.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ServiceContext } from '../services/context.ts';
import { ContractError } from '../services/contract-error.ts';
import type { LoginContext } from '../services/login.ts';
import type { Sandbox } from '../services/sandbox/sandbox.ts';
import { logAccess, requestFields, routeOf, type ApiLog } from './access-log.ts';
import { answerClientError } from './client-error.ts';
import { drain } from './drain.ts';
import { errorAnswer } from './error-answer.ts';
import { eventRoutes } from './event-routes.ts';
import { healthRoutes, type HealthOptions } from './health-routes.ts';
import { createHttpServer, type TlsPair } from './http-server.ts';
import type { Caller } from './limits/caller.ts';
import { clientAddress } from './limits/client-address.ts';
import type { RequestLimits } from './limits/request-limits.ts';
import { jwksRoutes } from './jwks-routes.ts';
import { openApiRoutes } from './openapi-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { refuseOversize } from './refuse-oversize.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { MOST_BODY_BYTES } from './schemas/limits.ts';
import { securityHeaders } from './security-headers.ts';
import { tokenRoutes } from './token-routes.ts';

export interface ApiOptions {
  readonly context: ServiceContext & LoginContext;
  readonly sandbox: boolean;
  /** Lets a test event go to http and to private addresses: for development only. */
  readonly dangerouslyAllowPrivateCallbacks?: boolean;
  /** The chain that the test endpoints script, where there is one. */
  readonly scripted?: Sandbox | undefined;
  readonly health: HealthOptions['health'];
  readonly log: ApiLog;
  /** Where the line of every request goes. Default: where all else goes. */
  readonly accessLog?: ApiLog | undefined;
  /** Where it is counted what was asked and how it ended; undefined: nowhere. */
  readonly metrics?: Metrics | undefined;
  /** Who has it may see health and metrics in full; undefined: nobody may, on this port. */
  readonly opsToken?: string | undefined;
  readonly tls?: TlsPair | undefined;
  /** Who may ask how often. Default: anyone, as often as wanted. */
  readonly limits?: RequestLimits | undefined;
  /** How many connections may be open. */
  readonly connections?: number;
  /** Whom we believe about where a request came from. Default: nobody. */
  readonly trustProxy?: TrustProxy;
  /** Whether clients reach us by https alone, through a proxy too. */
  readonly https?: boolean;
  /** What stands before every path where a proxy passes it on, such as `/pay`. Default: nothing. */
  readonly basePath?: string;
  /** Called when the server begins to stop: what would never end by itself ends now. */
  readonly stopping?: () => void;
  /** How long requests under way may take to end once the server is closing. Default 3,000. */
  readonly stopTimeoutMs?: number;
}

const NO_PROXY: TrustProxy = { header: 'x-forwarded-for', proxies: { kind: 'none' } };

/**
 * No route gives Fastify a schema: bodies are parsed by our own parsers, whose answers name field and expectation. Without this
 * it would load its compilers of schemas, which is a sixth of a start.
 */
const NO_SCHEMAS: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas },
};

function refuseSchemas(): never {
  throw new Error('no route has a schema for Fastify to compile');
}

/** A server that is ready to listen, or to be asked in process by `inject`. Its `close` answers what is under way. */
export async function createServer(options: ApiOptions): Promise<FastifyInstance> {
  const {
    log,
    accessLog = log,
    limits,
    metrics,
    trustProxy = NO_PROXY,
    stopTimeoutMs = 3_000,
    https = options.tls !== undefined,
  } = options;
  const headers = securityHeaders(https);
  const meet = (request: FastifyRequest, reply: FastifyReply): Caller => {
    reply.header('x-request-id', request.id).headers(headers);
    const address = clientAddress(request.socket.remoteAddress, request.headers, trustProxy);
    return (request.caller = { address, limits });
  };
  const fastifyOptions: FastifyServerOptions = {
    logger: false,
    bodyLimit: MOST_BODY_BYTES,
    routerOptions: { maxParamLength: 200 },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // A request that comes on an open connection while we close is answered as ever: all that it needs is still open.
    return503OnClosing: false,
    forceCloseConnections: false,
    pluginTimeout: stopTimeoutMs + 60_000,
    schemaController: NO_SCHEMAS,
    serverFactory: (handler) => createHttpServer(handler, options),
    clientErrorHandler: answerClientError,
    // Paths that the router cannot read: no hook has seen them.
    frameworkErrors: (error, request, reply) => {
      meet(request, reply);
      sendError(log, error, request, reply);
    },
  };
  const routes = new Set<string>();
  const { basePath = '' } = options;
  if (basePath !== '')
    fastifyOptions.rewriteUrl = ({ url = '/' }) => withoutBase(url, basePath, (segment) => routes.has(segment));
  const server = fastify(fastifyOptions);
  server.addHook('onRoute', ({ url }) => void routes.add(firstSegment(url)));
  let stopping = false;
  server.addHook('preClose', () => {
    stopping = true;
    options.stopping?.();
    return drain(server.server, stopTimeoutMs);
  });
  server.decorateRequest('caller');
  // Hooks with a callback, here and in api-route.ts: one that is async costs every request some promises.
  server.addHook('onRequest', (request, reply, done) => {
    const { address } = meet(request, reply);
    try {
      refuseOversize(request);
      if (isForBuyers(request)) limits?.page(address);
    } catch (error) {
      return done(error as ContractError);
    }
    // What has come of a body in chunks is read first, and refused if it is broken: there would be two answers otherwise.
    if (request.headers['transfer-encoding'] === undefined) done();
    else queueMicrotask(done);
  });
  // Also to what was asked before we began to stop.
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    logAccess(accessLog, request, reply);
    metrics?.requestAnswered(request.method, routeOf(request), reply.statusCode, reply.elapsedTime);
    done();
  });
  server.server.on('drop', () => metrics?.connectionRefused());
  acceptEmptyJson(server);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => sendError(options.log, error, request, reply));
  server.setNotFoundHandler((request, reply) =>
    sendError(options.log, new ContractError('3001', 'there is nothing at this path'), request, reply),
  );

  jwksRoutes(server, options.context);
  healthRoutes(server, options);
  await server.register(async (scope) => {
    // OAuth 2 asks for a form here; everywhere else bodies are JSON.
    await scope.register(formbody, { bodyLimit: MOST_BODY_BYTES });
    tokenRoutes(scope, options.context);
  });
  orderRoutes(server, options.context, { allowHttp: options.sandbox });
  const { context, dangerouslyAllowPrivateCallbacks = false } = options;
  eventRoutes(server, { context, dangerouslyAllowPrivateCallbacks });
  sandboxRoutes(server, options.context, options.scripted);
  openApiRoutes(server, () => options.context.publicUrl);
  return server;
}

/** What anybody may ask for without saying who they are, and costs a query. */
function isForBuyers({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/checkout/') || url.startsWith('/logos/');
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
  const answer = errorAnswer(tooManyRefusals(error, request) ?? error, request.id);
  if (answer.status >= 500 && answer.unexpected) log.error({ ...requestFields(request), err: error }, 'request failed');
  void reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** What to say instead when an address is refused all the time, without ever having said who it is. */
function tooManyRefusals(error: unknown, { caller }: FastifyRequest): ContractError | undefined {
  if (caller?.limits === undefined || caller.posId !== undefined) return undefined;
  const { status, body } = errorAnswer(error, '');
  // A token that has run out was a good one; and what is our own fault is nobody's failure.
  if (status >= 500 || body.error_code === '1004' || body.error_code === '2000') return undefined;
  return caller.limits.failure(caller.address, body.error_code === '1001' ? caller.claimedClientId : undefined);
}
