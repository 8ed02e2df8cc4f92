/** Opens the public server: API, checkout pages and panel. */
import type { FastifyInstance } from 'fastify';
import type { Health } from '../api/health-routes.ts';
import { changeCertificate } from '../http/http-server.ts';
import { RequestLimits } from '../http/limits/request-limits.ts';
import { refuseWhileLockIsDoubtful } from '../api/refuse-while-lock-is-doubtful.ts';
import { createServer } from '../api/server.ts';
import { basePathOf } from '../kernel/base-path.ts';
import { checkPair, readPair } from '../ops/certificate.ts';
import { CertificateWatch } from '../ops/certificate-watch.ts';
import type { Pos } from '../merchants/pos.ts';
import type { GatewayContext } from './gateway.ts';
import type { Sandbox } from '../services/sandbox/sandbox.ts';
import type { TestCallback } from '../services/callbacks/send-test-callback.ts';
import type { BackgroundRedelivery } from '../services/callbacks/background-redelivery.ts';
import type { SubscriptionContext } from '../services/notifications/manage-subscriptions.ts';
import type { TestEvents } from '../services/callbacks/test-events.ts';
import type { Notifications } from '../store/ports/notifications.ts';
import type { PsbtSource } from '../services/refunds/make-psbt.ts';
import { SharedFailures } from '../services/merchants/shared-failures.ts';
import type { ServingLock } from '../store/serving-lock.ts';
import { notifyOfConfirmations } from '../web/checkout/notify-of-confirmations.ts';
import { checkoutRoutes } from '../web/checkout/checkout-routes.ts';
import { OpenPagesPoll } from '../web/checkout/open-pages-poll.ts';
import { OrderStreams } from '../web/shared/order-streams.ts';
import { answerNoPage, homeRoutes } from '../web/home/home-routes.ts';
import { linkRoutes } from '../web/links/link-routes.ts';
import { panelRoutes } from '../web/panel/panel-routes.ts';
import { isSharing, workTimeoutMs, type Opening } from './opening.ts';

export interface ServerParts {
  readonly context: GatewayContext;
  /** Says which outputs are unspent. */
  readonly source: PsbtSource;
  readonly lock: ServingLock;
  readonly notifications: Notifications | undefined;
  readonly scripted: Sandbox | undefined;
  readonly testEvents: TestEvents;
  readonly redelivery: BackgroundRedelivery;
  readonly readiness: () => Promise<Health>;
  readonly subscriptions: SubscriptionContext;
}

export interface OpenedServer {
  /** Has all routes, and does not listen yet. */
  readonly server: FastifyInstance;
  /** Undefined without TLS. */
  readonly certificates: CertificateWatch | undefined;
  readonly openPagesPoll: OpenPagesPoll;
}

/** Opens the event streams of checkout pages, which get three quarters of the connections; the rest is for other requests. */
async function openStreams({ config, lifecycle, log, signals }: Opening, { store }: GatewayContext): Promise<OrderStreams> {
  const { total, perAddress } = config.limits.connections;
  const streams = await lifecycle.open(
    'order streams',
    () => new OrderStreams({ most: Math.floor((total * 3) / 4), maxPerAddress: Math.ceil((perAddress * 3) / 4) }),
    (opened) => opened.close(),
  );
  signals.ordersChanged.on((ids) => streams.notify(ids));
  signals.tipMoved.on(() => void notifyOfConfirmations(streams, store, log));
  return streams;
}

/** @throws OperatorError when the certificate cannot be used. */
export async function openServer(opening: Opening, given: ServerParts): Promise<OpenedServer> {
  const { config, parts, lifecycle, nowMs, log, accessLog, metrics } = opening;
  const { context, source, lock, notifications, scripted, testEvents, redelivery, readiness, subscriptions } = given;
  const certificate = config.tls === undefined ? undefined : checkPair(await readPair(config.tls));
  const isSandbox = config.mode === 'sandbox';
  const sendTest = (pos: Pos): Promise<TestCallback> => testEvents.send(pos);
  const streams = await openStreams(opening, context);
  const refusals = isSharing(config) ? new SharedFailures({ store: context.store, nowMs, log }) : undefined;
  await lifecycle.use('refused requests', refusals ?? {});
  const server = await lifecycle.open(
    'HTTP server',
    () =>
      createServer({
        context,
        basePath: config.publicUrl === undefined ? '' : basePathOf(config.publicUrl),
        stopping: () => streams.close(),
        answerNoPage: (request, reply) => answerNoPage({ context, isSandbox }, request, reply),
        sandbox: isSandbox,
        sendTest,
        callbacksAllow: config.callbacksAllow,
        scripted,
        health: readiness,
        metrics,
        opsToken: config.ops.token,
        log,
        accessLog,
        limits: new RequestLimits({ ...config.limits, nowMs, refusals, refused: (limit) => metrics?.requestLimited(limit) }),
        connections: config.limits.connections,
        trustProxy: config.trustProxy,
        https: config.tls !== undefined || config.publicUrl?.startsWith('https:') === true,
        stopTimeoutMs: workTimeoutMs(config),
        tls: certificate,
      }),
    (opened) => opened.close(),
  );
  refuseWhileLockIsDoubtful(server, lock);
  checkoutRoutes(server, { context, sandbox: scripted, streams });
  linkRoutes(server, { context, isSandbox });
  homeRoutes(server, {
    context,
    isSandbox,
    isReady: async () => (await readiness()).ready,
    links: parts.homeLinks ?? (() => []),
  });
  const { network, settlementTimeoutMs, callbacksAllow: httpHosts } = config;
  const limits = { network, settlementTimeoutMs, allowHttp: isSandbox, httpHosts };
  const shown = { streams, readiness, context, redelivery, sendTest, isSandbox, source };
  panelRoutes(server, { ...shown, limits, notifications: subscriptions });
  const { store } = context;
  const certificates = watchCertificate(opening, server, certificate);
  return { server, certificates, openPagesPoll: new OpenPagesPoll({ streams, store, notifications, log }) };
}

/** Watches the certificate's files, so that a renewed one is used without a restart; undefined without TLS. */
function watchCertificate(
  { config: { tls }, clock, log }: Opening,
  { server }: FastifyInstance,
  first: ReturnType<typeof checkPair> | undefined,
): CertificateWatch | undefined {
  if (tls === undefined || first === undefined) return undefined;
  return new CertificateWatch({ files: tls, first, use: (next) => changeCertificate(server, next), clock, log });
}
