/** What the server does with every request before and after its route. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TrustProxy } from '../config/trust-proxy.ts';
import type { ContractError } from '../contract/contract-error.ts';
import type { Caller } from '../http/limits/caller.ts';
import { clientAddress } from '../http/limits/client-address.ts';
import type { RequestLimits } from '../http/limits/request-limits.ts';
import { countArrival } from '../kernel/thread/arrivals.ts';
import { enterStep, stepOf, type Step } from '../kernel/thread/steps.ts';
import { isTurnLong, nextTurn } from '../kernel/thread/turns.ts';
import type { Metrics } from '../ops/metrics.ts';
import { logAccess, routeOf, type ApiLog } from './access-log.ts';
import { drain } from './drain.ts';
import { refuseEncodedBody } from './refuse-encoded-body.ts';
import { refuseOversize } from './refuse-oversize.ts';

export interface RequestHooksOptions {
  /** The security headers of every response. */
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: RequestLimits | undefined;
  readonly trustProxy: TrustProxy;
  readonly accessLog: ApiLog;
  readonly metrics: Metrics | undefined;
  /** Called when the server begins to stop. */
  readonly stopping: (() => void) | undefined;
  readonly stopTimeoutMs: number;
}

/** Sets the headers that every response has, and identifies the caller by its address. */
export function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  { headers, limits, trustProxy }: Pick<RequestHooksOptions, 'headers' | 'limits' | 'trustProxy'>,
): Caller {
  reply.header('x-request-id', request.id).headers(headers);
  const address = clientAddress(request.socket.remoteAddress, request.headers, trustProxy);
  return (request.caller = { address, limits });
}

/**
 * Adds the hooks. They use callbacks, as in api-route.ts, because an async hook costs every request several promises.
 *
 * Any number of requests may arrive in one turn of the event loop. Those that would make it too long continue in the next turns, so that
 * probes, deadlines and the chain do not wait for all of them.
 */
export function addRequestHooks(server: FastifyInstance, options: RequestHooksOptions): void {
  const { limits, accessLog, metrics, stopTimeoutMs } = options;
  const steps = new RequestSteps();
  let stopping = false;
  server.decorateRequest('caller');
  server.addHook('onRequest', (request, reply, done) => {
    countArrival();
    enterStep(steps.of(request));
    const { address } = receive(request, reply, options);
    try {
      refuseOversize(request);
      refuseEncodedBody(request.headers);
      if (isForBuyers(request)) limits?.page(address);
    } catch (error) {
      return done(error as ContractError);
    }
    if (!isProbe(request) && isTurnLong()) void nextTurn().then(() => done());
    // A chunked body that arrived with the headers is parsed first: if it is malformed, its error must be the only response.
    else if (request.headers['transfer-encoding'] === undefined) done();
    else queueMicrotask(done);
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    // Also on responses to requests that arrived before the server began to stop.
    if (stopping) reply.header('connection', 'close');
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    logAccess(accessLog, request, reply);
    metrics?.requestAnswered(request.method, routeOf(request), reply.statusCode, reply.elapsedTime);
    done();
  });
  server.addHook('preClose', () => {
    stopping = true;
    options.stopping?.();
    return drain(server.server, stopTimeoutMs);
  });
}

/** The step of each route and method. */
class RequestSteps {
  readonly #ofRoute = new Map<string | null, Map<string, Step>>();

  of(request: FastifyRequest): Step {
    const route = routeOf(request);
    let ofMethod = this.#ofRoute.get(route);
    if (ofMethod === undefined) this.#ofRoute.set(route, (ofMethod = new Map<string, Step>()));
    let step = ofMethod.get(request.method);
    if (step === undefined) ofMethod.set(request.method, (step = stepOf(`${request.method} ${route ?? 'none'}`)));
    return step;
  }
}

/** Whether a supervisor asks whether the gateway works, which it must be told however many requests wait. */
function isProbe({ routeOptions: { url } }: FastifyRequest): boolean {
  return url === '/healthz' || url === '/readyz';
}

/** Whether anybody may request the route without a login, although it costs a query. */
function isForBuyers({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/checkout/') || url.startsWith('/logos/') || url.startsWith('/l/');
}
