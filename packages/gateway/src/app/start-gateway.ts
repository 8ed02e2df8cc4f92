/**
 * The composition root of a gateway: opens every part from the settings, connects the parts, and starts them in order. No other place
 * knows all of them.
 *
 * First it opens the basis: the log, the database and the chain. Then it creates all other parts without starting them. Then the ports
 * listen, and the loops start. Everything stops in reverse order: first the server stops accepting requests and answers those in
 * progress, and last the database is closed and its lock released.
 */
import type { Health } from '../api/health-routes.ts';
import { listen } from '../api/listen.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../kernel/clock.ts';
import { startOpsServer, type OpsServer } from '../ops/ops-server.ts';
import { openProcessLogs } from '../ops/process-logs.ts';
import { StoreProbe } from '../ops/store-probe.ts';
import { Watchdog } from '../ops/watchdog.ts';
import type { Gateway, GatewayParts } from './gateway.ts';
import { healthOf } from './health.ts';
import { Lifecycle } from './lifecycle.ts';
import { observeGateway } from './observe-gateway.ts';
import { openActivity } from './open-activity.ts';
import { openCallbacks, type Callbacks } from './open-callbacks.ts';
import { openHousekeeping, type Housekeeping } from './open-housekeeping.ts';
import { openNotifications, type OpenedNotifications } from './notifications/open-notifications.ts';
import { openServer, type OpenedServer } from './open-server.ts';
import { openStored, type Stored } from './open-stored.ts';
import { metricsFor, openSignals, type Opening } from './opening.ts';
import { openAlone } from './roles/alone.ts';
import type { SealWatch } from '../services/seals/seal-watch.ts';
import type { Role } from './roles/role.ts';
import { openSharing } from './roles/sharing.ts';
import { isSharing } from './opening.ts';

/** More than any part should take to stop: a loop ends at its next step, an attempt to deliver a callback within ten seconds. */
const PART_STOP_TIMEOUT_MS = 15_000;

/**
 * Starts a gateway.
 *
 * @throws OperatorError when the database, the key file, the chain source or the port cannot be used. Nothing stays open then.
 */
export async function startGateway(config: Config, parts: GatewayParts = {}): Promise<Gateway> {
  const { partStopTimeoutMs: stopTimeoutMs = PART_STOP_TIMEOUT_MS, part: replace } = parts;
  const { stopTimeoutMs: totalStopTimeoutMs } = config;
  const lifecycle = new Lifecycle({ stopTimeoutMs, totalStopTimeoutMs, ...(replace && { replace }) });
  try {
    return await openGateway(await begin(config, parts, lifecycle));
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function begin(config: Config, parts: GatewayParts, lifecycle: Lifecycle): Promise<Opening> {
  const { log, accessLog } = await lifecycle.open(
    'log',
    () => (parts.log === undefined ? openProcessLogs(config.logLevel) : { log: parts.log, accessLog: parts.log, end: () => {} }),
    (logs) => logs.end(),
  );
  lifecycle.logTo(log);
  const nowMs = (): number => performance.now();
  const metrics = await metricsFor(config);
  const watchdog = new Watchdog({
    log,
    nowMs,
    held: ({ step, durationMs, cpuMs }) => metrics?.stepHeld(step, durationMs, cpuMs),
    transactionEnded: (step, durationMs) => metrics?.transactionEnded(step, durationMs),
  });
  await lifecycle.use('watchdog', watchdog);
  return {
    config,
    parts,
    lifecycle,
    clock: parts.clock ?? systemClock,
    nowMs,
    random: parts.random ?? Math.random,
    log,
    accessLog,
    metrics,
    watchdog,
    signals: openSignals(),
  };
}

async function openGateway(begun: Opening): Promise<Gateway> {
  const { config, lifecycle, log, signals } = begun;
  const stored = await openStored(begun);
  const { clock } = stored;
  const opening = { ...begun, clock };
  const role = await (isSharing(config) ? openSharing(opening, stored) : openAlone(opening, stored));
  const { context, chain } = role;
  const callbacks = await openCallbacks(opening, stored, context);
  const housekeeping = openHousekeeping(opening, stored);
  const notifying = await openNotifications(opening, context, chain);
  const activity = await openActivity(opening, stored);
  let stopping = false;
  let isLost = false;
  const lost = Promise.race([stored.lock.lost, ...(stored.store.lost === undefined ? [] : [stored.store.lost])]);
  void lost.then(() => (isLost = true));
  const health = (): Health => healthOf(chain, clock.now());
  const readiness = readinessOf(opening, stored, health, () => stopping);
  const ops = await openOps(opening, readiness);
  const served = await openServer(opening, {
    context,
    source: chain.source,
    lock: stored.lock,
    notifications: stored.notifications,
    scripted: role.scripted,
    ...callbacks,
    readiness,
    subscriptions: notifying.subscriptions,
  });
  const { server, certificates } = served;
  observeGateway(opening, { stored, chain, rates: role.rates, callbacks, ...served });
  await lifecycle.use('public port', {
    start: async () => {
      signals.url.set(await listen(server, { host: config.host, port: config.port, tls: config.tls !== undefined }));
    },
  });
  await startLoops(opening, { role, callbacks, housekeeping, notifying, served, sealWatch: stored.sealWatch });
  await lifecycle.use('requests', { stop: () => server.close() });
  logServing(opening, { url: signals.url.value, ops: ops?.url, chain: chain.source.name, scripts: chain.watchedScripts });
  return {
    url: signals.url.value,
    opsUrl: ops?.url,
    context,
    sandbox: role.sandbox,
    health,
    onActivity: (listener) => activity.on(listener),
    reload: () => certificates?.wake(),
    caughtUp: (signal) => chain.caughtUp(signal),
    lost,
    stop: async () => {
      stopping = true;
      log.info({}, 'gateway: stopping');
      // `/readyz` says it meanwhile, and a load balancer sends its requests elsewhere before connections are refused.
      const failed = await lifecycle.stop(isLost ? 0 : config.stopDelayMs);
      log.info({}, 'gateway: stopped');
      return failed;
    },
  };
}

/** Whether the gateway may be relied on now, and what keeps it from that. */
function readinessOf(
  { nowMs }: Opening,
  { store, lock, guard }: Stored,
  health: () => Health,
  isStopping: () => boolean,
): () => Promise<Health> {
  const probe = new StoreProbe({ ask: () => store.chain.tip(), nowMs });
  return async () => {
    const [ofChain, trouble = lock.trouble ?? null] = [health(), await probe.trouble()];
    const stopping = isStopping();
    return {
      ...ofChain,
      ready: ofChain.ready && trouble === null && !stopping,
      store: { trouble },
      seals: { broken: guard.count },
      stopping,
    };
  };
}

/** Opens the operations port, if the settings name one. It is closed late, so that it answers while everything else stops. */
async function openOps(
  { config, lifecycle, metrics }: Opening,
  readiness: () => Promise<Health>,
): Promise<OpsServer | undefined> {
  const { host, port } = config.ops;
  if (port === undefined || metrics === undefined) return undefined;
  return lifecycle.open(
    'operations port',
    () => startOpsServer({ host, port, readiness, metrics }),
    (opened) => opened.close(),
  );
}

interface Loops {
  readonly role: Role;
  readonly callbacks: Callbacks;
  readonly housekeeping: Housekeeping;
  readonly notifying: OpenedNotifications;
  readonly served: OpenedServer;
  readonly sealWatch: SealWatch;
}

async function startLoops(
  { lifecycle }: Opening,
  { role, callbacks, housekeeping, notifying, served, sealWatch }: Loops,
): Promise<void> {
  await lifecycle.use('callbacks', callbacks.delivery);
  await lifecycle.use('seals', sealWatch);
  await lifecycle.use('redelivery', callbacks.redelivery);
  await lifecycle.use('notifications to people', notifying.notifications);
  await lifecycle.use('chain trouble', notifying.chainWatch);
  for (const [name, part] of role.loops) await lifecycle.use(name, part);
  await lifecycle.use('open pages', served.openPagesPoll);
  await lifecycle.use('certificate', served.certificates ?? {});
  await lifecycle.use('free space', housekeeping.freeSpaceWatch ?? {});
  await lifecycle.use('idempotency keys', housekeeping.keyPruning);
  await lifecycle.use('manual decisions', housekeeping.decisions);
}

function logServing({ config, log }: Opening, serving: Record<string, unknown>): void {
  const { mode, network, rates } = config;
  log.info({ ...serving, mode, network }, 'gateway: serving');
  if (mode === 'live' && rates.kind === 'fixed')
    log.warn(
      { rates: Object.fromEntries(rates.rates) },
      'gateway: WEBPOS_RATES IS FIXED IN LIVE MODE: every order uses this rate, whatever the market does',
    );
}
