/** The HTTP server: what is the same for every route, and the routes. */
import type { HostList } from '../kernel/host-list.ts';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import formbody from '@fastify/formbody';
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { answerClientError } from '../http/client-error.ts';
import { createHttpServer, type TlsPair } from '../http/http-server.ts';
import type { TrustProxy } from '../config/trust-proxy.ts';
import { FailureBursts, failureText } from '../kernel/failure-bursts.ts';
import { firstSegment, withoutBase } from '../kernel/base-path.ts';
import type { Metrics } from '../ops/metrics.ts';
import { ContractError } from '../contract/contract-error.ts';
import type { Pos } from '../merchants/pos.ts';
import type { TestCallback } from '../services/callbacks/send-test-callback.ts';
import type { Sandbox, SandboxContext } from '../services/sandbox/sandbox.ts';
import { logAccess, requestFields, routeOf, type ApiLog } from './access-log.ts';
import { drain } from './drain.ts';
import { errorAnswer } from './error-answer.ts';
import { eventRoutes } from './events/event-routes.ts';
import { healthRoutes, type HealthOptions } from './health-routes.ts';
import type { Caller } from '../http/limits/caller.ts';
import { clientAddress } from '../http/limits/client-address.ts';
import { ConnectionLimiter, type ConnectionShares } from '../http/limits/connection-limits.ts';
import { limitConnections } from '../http/limits/limit-connections.ts';
import { networkOf } from '../http/limits/network-of.ts';
import type { RequestLimits } from '../http/limits/request-limits.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from './json-depth.ts';
import { jwksRoutes } from './login/jwks-routes.ts';
import { metadataRoutes } from './login/metadata-routes.ts';
import { openApiRoutes } from './openapi/openapi-routes.ts';
import { orderRoutes, type OrderRoutesContext } from './orders/order-routes.ts';
import { refuseEncodedBody } from './refuse-encoded-body.ts';
import { refuseOversize } from './refuse-oversize.ts';
import { sandboxRoutes } from './sandbox/sandbox-routes.ts';
import { MAX_BODY_BYTES } from './schemas/limits.ts';
import { securityHeaders } from './security-headers.ts';
import { tokenRoutes } from './login/token-routes.ts';
import { withoutHooks, writeExactJsonType } from './exact-json-type.ts';

export interface ApiOptions {
  readonly context: OrderRoutesContext & SandboxContext;
  readonly sandbox: boolean;
  /** Sends a test event to a POS; without it there is no such route. */
  readonly sendTest?: (pos: Pos) => Promise<TestCallback>;
  /** Hosts to which callbacks may go by http. Default: none. */
  readonly callbacksAllow?: HostList;
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
  /** How many connections may be open, and whose. Default: 8,000, anyone's. */
  readonly connections?: ConnectionShares | undefined;
  /** Whom we believe about where a request came from. Default: nobody. */
  readonly trustProxy?: TrustProxy;
  /** Whether clients reach us by https alone, through a proxy too. */
  readonly https?: boolean;
  /** What stands before every path where a proxy passes it on, such as `/pay`. Default: nothing. */
  readonly basePath?: string;
  /** Answers a person who asks for a path that does not exist, and says whether it did; without it, everybody gets JSON. */
  readonly answerNoPage?: (request: FastifyRequest, reply: FastifyReply) => boolean;
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
    connections = { total: 8_000, perAddress: 8_000, perNetwork: 8_000 },
  } = options;
  const headers = securityHeaders(https);
  const failures: FailureLog = { log, known: new FailureBursts((fields, message) => log.error(fields, message)) };
  const { answerNoPage } = options;
  const meet = (request: FastifyRequest, reply: FastifyReply): Caller => {
    reply.header('x-request-id', request.id).headers(headers);
    const address = clientAddress(request.socket.remoteAddress, request.headers, trustProxy);
    return (request.caller = { address, network: networkOf(address), limits });
  };
  const fastifyOptions: FastifyServerOptions = {
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: 200 },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // A request that comes on an open connection while we close is answered as ever: all that it needs is still open.
    return503OnClosing: false,
    forceCloseConnections: false,
    pluginTimeout: stopTimeoutMs + 60_000,
    schemaController: NO_SCHEMAS,
    serverFactory: (handler) => createHttpServer(handler, { tls: options.tls, connections: connections.total }),
    clientErrorHandler: answerClientError,
    // Paths that the router cannot read: no hook has seen them.
    frameworkErrors: (error, request, reply) => {
      meet(request, reply);
      withoutHooks(reply);
      sendError(failures, error, request, reply);
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
      refuseEncodedBody(request.headers);
      if (isForBuyers(request)) limits?.page(address);
    } catch (error) {
      return done(error as ContractError);
    }
    // What has come of a body in chunks is read first, and refused if it is broken: there would be two answers otherwise.
    if (request.headers['transfer-encoding'] === undefined) done();
    else queueMicrotask(done);
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    // Also on answers to requests from before the stop began.
    if (stopping) reply.header('connection', 'close');
    writeExactJsonType(reply);
    done(null, payload);
  });
  server.addHook('onClose', async () => failures.known.stop());
  server.addHook('onResponse', (request, reply, done) => {
    logAccess(accessLog, request, reply);
    metrics?.requestAnswered(request.method, routeOf(request), reply.statusCode, reply.elapsedTime);
    done();
  });
  server.server.on('drop', () => metrics?.connectionLimited('total', 'refused'));
  const limited = (...which: Parameters<Metrics['connectionLimited']>): void => metrics?.connectionLimited(...which);
  limitConnections(server.server, new ConnectionLimiter({ ...connections, limited }), trustProxy);
  acceptEmptyJson(server);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => sendError(failures, error, request, reply));
  server.setNotFoundHandler((request, reply) =>
    sendError(failures, new ContractError('3001', 'there is nothing at this path'), request, reply, answerNoPage),
  );

  jwksRoutes(server, options.context);
  metadataRoutes(server, options.context);
  healthRoutes(server, options);
  await server.register(async (scope) => {
    // OAuth 2 asks for a form here; everywhere else bodies are JSON.
    await scope.register(formbody, { bodyLimit: MAX_BODY_BYTES });
    tokenRoutes(scope, options.context, options.sandbox ? 'sandbox' : 'live');
  });
  orderRoutes(server, options.context, { allowHttp: options.sandbox, httpHosts: options.callbacksAllow });
  eventRoutes(server, options);
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
  // Fields that we do not know are ignored, those that would reach a prototype too.
  const parse = server.getDefaultJsonParser('remove', 'remove');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    // Never mended in silence (RFC 8259, 8.1): a reference would come back as another one.
    if (typeof body === 'string' || !isUtf8(body)) return done(new ContractError('0001', 'the body is not UTF-8'));
    if (isDeeperThan(MAX_JSON_DEPTH, body))
      return done(new ContractError('0001', `the body is nested more than ${MAX_JSON_DEPTH} levels deep`));
    void parse(request, body.toString('utf8'), done);
  });
}

interface FailureLog {
  readonly log: ApiLog;
  readonly known: FailureBursts;
}

function sendError(
  { log, known }: FailureLog,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  answerNoPage?: ApiOptions['answerNoPage'],
): void {
  const tooMany = tooManyRefusals(error, request);
  const answer = errorAnswer(tooMany ?? error, request.id, request.routeOptions.url === '/token');
  if (answer.body.error_code === '3001' && answerNoPage?.(request, reply) === true) return;
  if (answer.failure === 'unknown') log.error({ ...requestFields(request), err: error }, 'request failed');
  if (answer.failure === 'known') known.add(answer.body.message, { ...requestFields(request), reason: reasonOf(error) });
  void reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** What stands behind a known failure. */
function reasonOf(error: unknown): string {
  return failureText(error instanceof ContractError ? (error.cause ?? error) : error);
}

/** What to say instead when an address is refused all the time, without ever having said who it is. */
function tooManyRefusals(error: unknown, { caller }: FastifyRequest): ContractError | undefined {
  if (caller?.limits === undefined || caller.posId !== undefined) return undefined;
  const { status, body } = errorAnswer(error, '');
  // A token that has run out was a good one; and what is our own fault is nobody's failure.
  if (status >= 500 || body.error_code === '1004' || body.error_code === '2000') return undefined;
  return caller.limits.failure(caller.address, body.error_code === '1001' ? caller.claimedClientId : undefined);
}
