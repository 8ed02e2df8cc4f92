/** The public HTTP server: what all routes share, and the routes of the API. */
import type { HostList } from '../kernel/host-list.ts';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import formbody from '@fastify/formbody';
import { randomUUID } from 'node:crypto';
import { answerClientError } from '../http/client-error.ts';
import { createHttpServer, type TlsPair } from '../http/http-server.ts';
import type { TrustProxy } from '../config/trust-proxy.ts';
import { firstSegment, withoutBase } from '../kernel/base-path.ts';
import type { Metrics } from '../ops/metrics.ts';
import { ContractError } from '../contract/contract-error.ts';
import type { Pos } from '../merchants/pos.ts';
import type { TestCallback } from '../services/callbacks/send-test-callback.ts';
import type { Sandbox, SandboxContext } from '../services/sandbox/sandbox.ts';
import type { ApiLog } from './access-log.ts';
import { eventRoutes } from './events/event-routes.ts';
import { healthRoutes, type HealthOptions } from './health-routes.ts';
import { ConnectionLimiter, type ConnectionShares } from '../http/limits/connection-limits.ts';
import { limitConnections } from '../http/limits/limit-connections.ts';
import type { RequestLimits } from '../http/limits/request-limits.ts';
import { parseJsonBodies } from './json-body.ts';
import { jwksRoutes } from './login/jwks-routes.ts';
import { metadataRoutes } from './login/metadata-routes.ts';
import { openApiRoutes } from './openapi/openapi-routes.ts';
import { orderRoutes, type OrderRoutesContext } from './orders/order-routes.ts';
import { addRequestHooks, receive, type RequestHooksOptions } from './request-hooks.ts';
import { sandboxRoutes } from './sandbox/sandbox-routes.ts';
import { MAX_BODY_BYTES } from './schemas/limits.ts';
import { securityHeaders } from './security-headers.ts';
import { ErrorSender, type AnswerNoPage } from './send-error.ts';
import { tokenRoutes } from './login/token-routes.ts';

export interface ApiOptions {
  readonly context: OrderRoutesContext & SandboxContext;
  readonly sandbox: boolean;
  /** Sends a test event to a POS. Default: the route does not exist. */
  readonly sendTest?: (pos: Pos) => Promise<TestCallback>;
  /** Hosts that callbacks may go to by http. Default: none. */
  readonly callbacksAllow?: HostList;
  /** The sandbox chain that the test endpoints script. Default: the test endpoints answer 3001. */
  readonly scripted?: Sandbox | undefined;
  readonly health: HealthOptions['health'];
  readonly log: ApiLog;
  /** The log for the line of every request. Default: `log`. */
  readonly accessLog?: ApiLog | undefined;
  readonly metrics?: Metrics | undefined;
  /** The token that grants access to health details and metrics on this port. Default: nobody has access. */
  readonly opsToken?: string | undefined;
  readonly tls?: TlsPair | undefined;
  /** The rate limits of requests. Default: no limits. */
  readonly limits?: RequestLimits | undefined;
  /** The limits on open connections. Default: 8,000 in total. */
  readonly connections?: ConnectionShares | undefined;
  /** The proxies whose information about the origin of a request is trusted. Default: none. */
  readonly trustProxy?: TrustProxy;
  /** Whether clients always use HTTPS, possibly through a proxy. Default: whether `tls` is given. */
  readonly https?: boolean;
  /** The path before every route if a proxy passes it on, such as `/pay`. Default: none. */
  readonly basePath?: string;
  /** Answers a person who requests an unknown path with a page, and returns whether it did. Default: everybody gets JSON. */
  readonly answerNoPage?: AnswerNoPage;
  /** Called when the server begins to stop, to end responses that would not end by themselves. */
  readonly stopping?: () => void;
  /** How long requests in progress may take once the server stops, in milliseconds. Default: 3,000. */
  readonly stopTimeoutMs?: number;
}

const NO_PROXY: TrustProxy = { header: 'x-forwarded-for', proxies: { kind: 'none' } };
const DEFAULT_CONNECTIONS: ConnectionShares = { total: 8_000, perAddress: 8_000, perNetwork: 8_000 };

/** Returns a server that is ready to listen, or to be called in process with `inject`. Its `close` answers the requests in progress. */
export async function createServer(options: ApiOptions): Promise<FastifyInstance> {
  const { log, metrics, trustProxy = NO_PROXY, connections = DEFAULT_CONNECTIONS } = options;
  const hooks: RequestHooksOptions = {
    headers: securityHeaders(options.https ?? options.tls !== undefined),
    limits: options.limits,
    trustProxy,
    accessLog: options.accessLog ?? log,
    metrics,
    stopping: options.stopping,
    stopTimeoutMs: options.stopTimeoutMs ?? 3_000,
  };
  const errors = new ErrorSender(log);
  const server = createFastify(options, hooks, errors, connections.total);
  addRequestHooks(server, hooks);
  server.addHook('onClose', async () => errors.stop());
  server.server.on('drop', () => metrics?.connectionLimited('total', 'refused'));
  const limited = (...which: Parameters<Metrics['connectionLimited']>): void => metrics?.connectionLimited(...which);
  limitConnections(server.server, new ConnectionLimiter({ ...connections, limited }), trustProxy);
  parseJsonBodies(server);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler((error, request, reply) => errors.send(error, request, reply));
  server.setNotFoundHandler((request, reply) =>
    errors.send(new ContractError('3001', 'nothing exists at this path'), request, reply, options.answerNoPage),
  );
  await apiRoutes(server, options);
  return server;
}

/**
 * Without this, Fastify would load its schema compilers, which take a sixth of a start. No route needs them: bodies are parsed by
 * parsers of our own, whose errors name the field and what was expected.
 */
const NO_SCHEMAS: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas },
};

function refuseSchemas(): never {
  throw new Error('no route may have a schema for Fastify to compile');
}

function createFastify(
  { tls, basePath = '', answerNoPage }: ApiOptions,
  hooks: RequestHooksOptions,
  errors: ErrorSender,
  maxConnections: number,
): FastifyInstance {
  const fastifyOptions: FastifyServerOptions = {
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: 200 },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // Requests on open connections are still answered while the server closes, because all that they need is still open.
    return503OnClosing: false,
    forceCloseConnections: false,
    pluginTimeout: hooks.stopTimeoutMs + 60_000,
    schemaController: NO_SCHEMAS,
    serverFactory: (handler) => createHttpServer(handler, { tls, connections: maxConnections }),
    clientErrorHandler: answerClientError,
    // For paths that the router cannot parse, which no hook has seen.
    frameworkErrors: (error, request, reply) => {
      receive(request, reply, hooks);
      errors.send(error, request, reply, answerNoPage);
    },
  };
  const firstSegments = new Set<string>();
  if (basePath !== '')
    fastifyOptions.rewriteUrl = ({ url = '/' }) => withoutBase(url, basePath, (segment) => firstSegments.has(segment));
  const server = fastify(fastifyOptions);
  server.addHook('onRoute', ({ url }) => void firstSegments.add(firstSegment(url)));
  return server;
}

async function apiRoutes(server: FastifyInstance, options: ApiOptions): Promise<void> {
  const { context, sandbox, callbacksAllow, scripted } = options;
  jwksRoutes(server, context);
  metadataRoutes(server, context);
  healthRoutes(server, options);
  await server.register(async (scope) => {
    // OAuth 2 requires a form here; everywhere else bodies are JSON.
    await scope.register(formbody, { bodyLimit: MAX_BODY_BYTES });
    tokenRoutes(scope, context, sandbox ? 'sandbox' : 'live');
  });
  orderRoutes(server, context, { allowHttp: sandbox, httpHosts: callbacksAllow });
  eventRoutes(server, options);
  sandboxRoutes(server, context, scripted);
  openApiRoutes(server, () => context.publicUrl);
}
