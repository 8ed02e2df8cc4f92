/**
 * The composition root: makes every part from the settings and joins them. The one place that knows all of them.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { createServer } from './api/server.ts';
import type { Health } from './api/health-routes.ts';
import { changeCertificate } from './api/http-server.ts';
import { panelApiRoutes } from './api/panel-api-routes.ts';
import { RequestLimits } from './api/limits/request-limits.ts';
import { createCallbackSender } from './callbacks/deliver.ts';
import { SandboxMiner } from './chain/sandbox/miner.ts';
import { SandboxChain } from './chain/sandbox/sandbox-chain.ts';
import { ScriptIndex } from './chain/script-index.ts';
import type { ChainSource } from './chain/source.ts';
import { Watcher } from './chain/watcher.ts';
import type { Config } from './config/config.ts';
import { parseDecimal } from './kernel/decimal.ts';
import { basePathOf } from './kernel/base-path.ts';
import { isoDate, systemClock, type Clock } from './kernel/clock.ts';
import { orderedUuid } from './kernel/ordered-uuid.ts';
import { TaskLoop } from './kernel/task-loop.ts';
import { listen } from './api/listen.ts';
import { checkPair, readPair } from './ops/certificate.ts';
import { CertificateWatch } from './ops/certificate-watch.ts';
import { createLog, type Log } from './ops/log.ts';
import { openMetrics } from './ops/metrics.ts';
import { openProcessLogs } from './ops/process-logs.ts';
import { startOpsServer } from './ops/ops-server.ts';
import { Sampler } from './ops/sampler.ts';
import { StoreProbe } from './ops/store-probe.ts';
import type { AnsweredRate } from './rates/answered-rate.ts';
import { askProvider } from './rates/ask-provider.ts';
import { agree } from './rates/agree.ts';
import { ExchangeRates, OUTLIER_BPS } from './rates/exchange-rates.ts';
import { fixedRates } from './rates/fixed.ts';
import { getText, type GetText } from './rates/get-text.ts';
import type { ProviderName } from './rates/provider-names.ts';
import { PROVIDERS } from './rates/providers/index.ts';
import { idTokenKey } from './security/id-token-key.ts';
import { idTokenSigner } from './security/id-token.ts';
import { loadKeyFile, type GatewayKeys } from './security/key-file.ts';
import { checkStored } from './services/check-stored.ts';
import { AccountGaps } from './services/account-gaps.ts';
import type { Pos } from './orders/pos.ts';
import { AddressesAhead } from './services/addresses-ahead.ts';
import type { ServiceContext } from './services/context.ts';
import type { Examined } from './services/examine.ts';
import { forgetKeys } from './services/forget-keys.ts';
import { CallbackDelivery } from './services/deliver-callbacks.ts';
import { EndpointHealth } from './services/endpoint-health.ts';
import { DerivationThread } from './services/derive-in-thread.ts';
import { ChainFollowing } from './services/follow-chain.ts';
import type { LoginContext } from './services/login.ts';
import { PosDirectory } from './services/pos-directory.ts';
import { callbackKeys } from './services/pos-secret.ts';
import { sendTestCallback, type TestCallback } from './services/send-test-callback.ts';
import { createSandbox } from './services/sandbox/sandbox.ts';
import { measuredStore } from './store/measured-store.ts';
import { openStore } from './store/sql/open-store.ts';
import type { SqlStore } from './store/sql/sql-store.ts';
import { checkoutRoutes } from './web/checkout-routes.ts';
import { panelRoutes } from './web/panel-routes.ts';
import { OrderStreams } from './web/order-streams.ts';

/** How far is counted for the metrics: what is more than this is too much in any case. */
const CENSUS_BOUND = 20_000;

/** How long an examination may take in all. */
const EXAMINATION_MS = 60_000;

/** A gateway that serves. */
export interface Gateway {
  /** By which address it listens. */
  readonly url: string;
  readonly context: ServiceContext & LoginContext;
  /** Its chain, when it is the sandbox's. */
  readonly sandbox: SandboxChain | undefined;
  /** Where health and metrics are told in full, when they have a port of their own. */
  readonly opsUrl: string | undefined;
  health(): Health;
  /** Looks at the certificate's files now. */
  reload(): void;
  /** Settles when a look at the chain that began after this call has been stored, with all that follows from it. */
  caughtUp(signal: AbortSignal): Promise<void>;
  /** Answers what is under way, stores what is being stored, and ends. */
  stop(): Promise<void>;
}

/** What tests replace. */
export interface GatewayParts {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly random?: () => number;
  /** How exchanges are asked for rates. */
  readonly getText?: GetText;
  /** Stands before the store. */
  readonly store?: (own: SqlStore) => SqlStore;
  /** How long an attempt to deliver a callback may take, and for how long it is claimed. */
  readonly callbacks?: { readonly deadlineMs: number; readonly claimMs: number };
}

/** What commands need that do not serve. */
export interface Base {
  readonly store: SqlStore;
  readonly keys: GatewayKeys;
}

/** Opens what is stored: the database and the key file. */
export async function openBase(config: Config): Promise<Base> {
  const keys = await loadKeyFile(config.keyFile);
  return { keys, store: await openStore(config.databaseUrl) };
}

/**
 * Starts a gateway.
 *
 * @throws Error when the database, the key file, the chain source or the port is not as it should be; nothing is left open.
 */
export async function startGateway(config: Config, parts: GatewayParts = {}): Promise<Gateway> {
  const cleanUps: (() => Promise<unknown>)[] = [];
  try {
    return await assemble(config, parts, cleanUps);
  } catch (error) {
    for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(() => undefined);
    throw error;
  }
}

async function assemble(config: Config, parts: GatewayParts, cleanUps: (() => Promise<unknown>)[]): Promise<Gateway> {
  const clock = parts.clock ?? systemClock;
  const logs =
    parts.log === undefined ? openProcessLogs(config.logLevel) : { log: parts.log, accessLog: parts.log, end: () => {} };
  const { log } = logs;
  cleanUps.push(async () => logs.end());
  const { store: own, keys } = await openBase(config);
  const store = parts.store?.(own) ?? own;
  cleanUps.push(() => store.close());
  const posWatch = await store.watchPos();
  cleanUps.push(() => posWatch.close());

  const { source, sandbox } = await openChain(config, store, clock, log);
  await source.check(AbortSignal.timeout(30_000));

  const scripts = new ScriptIndex([randomInt(2 ** 32), randomInt(2 ** 32)]);
  for await (const script of store.orders.scripts()) scripts.add(script);

  const exchangeRates = openRates(config, store, clock, log, parts);
  const idTokens = idTokenKey(keys.idToken);
  const certificate = config.tls === undefined ? undefined : checkPair(await readPair(config.tls));
  const nowMs = (): number => performance.now();
  const sampler = new Sampler({ count: () => store.census(CENSUS_BOUND), nowMs, maxAgeMs: 15_000, timeoutMs: 2_000 });
  const wantsMetrics = config.ops.port !== undefined || config.ops.token !== undefined;
  const metrics = !wantsMetrics
    ? undefined
    : await openMetrics({
        now: () => clock.now(),
        chain: () => ({
          height: watcher.status.tip?.height,
          syncedAt: watcher.status.syncedAt,
          troubled: watcher.status.trouble !== undefined,
        }),
        mempoolSize: () => watcher.mempoolSize,
        watchedScripts: () => scripts.size,
        rateAt: (currency) => context.rates.rate(currency)?.at,
        certificateEndsAt: () => certificates?.endsAt,
        connections: () => promisify(server.server.getConnections.bind(server.server))(),
        addressesUnused: () => accountGaps.longest,
        failingEndpoints: () => endpointHealth.failing(),
        sample: () => sampler.sample(),
      });
  const context: ServiceContext & LoginContext = {
    store: metrics === undefined ? store : measuredStore(store, nowMs, (waitedMs) => metrics.transactionWaited(waitedMs)),
    clock,
    newUuid: () => orderedUuid(clock.now(), randomUUID()),
    rates: exchangeRates ?? fixedRates(config.rates.kind === 'fixed' ? config.rates.rates : new Map(), clock),
    network: config.network,
    get publicUrl() {
      return config.publicUrl ?? url;
    },
    orderTtlMs: config.orderTtlMs,
    settlementTimeoutMs: config.settlementTimeoutMs,
    chargebackTimeoutMs: config.chargebackTimeoutMs,
    finalDepth: config.finalDepth,
    addressAhead: (id, index) => addressesAhead.take(id, index),
    watchScript: (script) => scripts.add(script),
    callbacksStored: () => delivery.wake(),
    ordersChanged: (ids) => streams.tell(ids),
    keys,
    posDirectory: new PosDirectory(store.pos, posWatch),
    signIdToken: idTokenSigner(idTokens),
    idTokenJwk: idTokens.jwk,
  };
  await checkStored(context);
  const derivation = new DerivationThread();
  const addressesAhead = new AddressesAhead({
    store,
    derive: (task, signal) => derivation.derive(task, signal),
    ahead: config.addressesAhead,
    log,
  });
  const accountGaps = new AccountGaps({ store, log });
  const keyTidying = new TaskLoop({
    name: 'idempotency keys',
    idleMs: 60_000,
    retryMs: 60_000,
    log,
    task: async (signal) => {
      await forgetKeys(context, signal);
      return undefined;
    },
  });
  const watcher = new Watcher({ source, follower: new ChainFollowing(context), scripts, clock, log });
  const sender = createCallbackSender({
    now: () => clock.now(),
    dangerouslyAllowPrivateCallbacks: config.dangerouslyAllowPrivateCallbacks,
    ...(parts.callbacks && { deadlineMs: parts.callbacks.deadlineMs }),
  });
  cleanUps.push(() => sender.close());
  const endpointHealth = new EndpointHealth({ store, log });
  await endpointHealth.load();
  const delivery = new CallbackDelivery({
    health: endpointHealth,
    context,
    sender,
    keysOf: (pos) => callbackKeys(pos, clock.now(), keys),
    giveUpAfterMs: config.callbackGiveUpAfterMs,
    attemptsKeptMs: config.callbackAttemptsKeptMs,
    claimant: randomUUID(),
    random: parts.random ?? Math.random,
    log,
    attempted: (outcome) => metrics?.callbackAttempted(outcome),
    ...(parts.callbacks && { claimMs: parts.callbacks.claimMs }),
  });
  let stopping = false;
  const probe = new StoreProbe({ ask: () => store.chain.tip(), nowMs });
  const health = (): Health => healthOf(source, watcher);
  const miner =
    sandbox === undefined || config.chain.kind !== 'sandbox'
      ? undefined
      : new SandboxMiner({ chain: sandbox, intervalMs: config.chain.blockIntervalMs, log });
  const scripted =
    sandbox &&
    createSandbox({
      chain: sandbox,
      caughtUp: (signal) => watcher.caughtUp(signal),
      hurry: (blocks) => miner?.hurry(blocks),
    });
  const readiness = async (): Promise<Health> => {
    const [chain, trouble = null] = [health(), await probe.trouble()];
    return { ...chain, ready: chain.ready && trouble === null && !stopping, store: { trouble }, stopping };
  };
  // A quarter of the connections is kept for other requests.
  const streams = new OrderStreams({ most: Math.floor((config.limits.connections * 3) / 4) });
  cleanUps.push(async () => streams.close());
  const server = await createServer({
    context,
    basePath: config.publicUrl === undefined ? '' : basePathOf(config.publicUrl),
    stopping: () => streams.close(),
    sandbox: config.mode === 'sandbox',
    dangerouslyAllowPrivateCallbacks: config.dangerouslyAllowPrivateCallbacks,
    scripted,
    health: readiness,
    metrics,
    opsToken: config.ops.token,
    log,
    accessLog: logs.accessLog,
    limits: new RequestLimits({ ...config.limits, nowMs, refused: (limit) => metrics?.requestLimited(limit) }),
    connections: config.limits.connections,
    trustProxy: config.trustProxy,
    https: config.tls !== undefined || config.publicUrl?.startsWith('https:') === true,
    stopTimeoutMs: config.stopTimeoutMs,
    tls: certificate,
  });
  checkoutRoutes(server, { context, sandbox: scripted, streams });
  const sendTest = (pos: Pos): Promise<TestCallback> =>
    sendTestCallback({ ...context, dangerouslyAllowPrivateCallbacks: config.dangerouslyAllowPrivateCallbacks }, pos, undefined);
  panelRoutes(server, { context, sendTest, isSandbox: config.mode === 'sandbox' });
  panelApiRoutes(server, { context, sendTest });
  cleanUps.push(() => server.close());
  const certificates =
    config.tls === undefined || certificate === undefined
      ? undefined
      : new CertificateWatch({
          files: config.tls,
          first: certificate,
          use: (next) => changeCertificate(server.server, next),
          clock,
          log,
        });
  const { host, port } = config.ops;
  const ops = port === undefined || metrics === undefined ? undefined : await startOpsServer({ host, port, readiness, metrics });
  if (ops !== undefined) cleanUps.push(() => ops.close());
  const url = await listen(server, { host: config.host, port: config.port, tls: config.tls !== undefined });

  watcher.start();
  exchangeRates?.start();
  delivery.start();
  miner?.start();
  addressesAhead.start();
  accountGaps.start();
  keyTidying.start();
  certificates?.start();
  log.info(
    { url, ops: ops?.url, mode: config.mode, network: config.network, chain: source.name, scripts: scripts.size },
    'gateway: serving',
  );

  const stop = async (): Promise<void> => {
    stopping = true;
    log.info({}, 'gateway: stopping');
    await server.close();
    await addressesAhead.stop();
    await accountGaps.stop();
    await keyTidying.stop();
    await derivation.stop();
    await certificates?.stop();
    await miner?.stop();
    await watcher.stop();
    await delivery.stop();
    await exchangeRates?.stop();
    await sender.close();
    await posWatch.close();
    // Last, so that it tells of the stopping until its end.
    await ops?.close();
    await store.close();
    log.info({}, 'gateway: stopped');
    logs.end();
  };
  const caughtUp = (signal: AbortSignal): Promise<void> => watcher.caughtUp(signal);
  return { url, opsUrl: ops?.url, context, sandbox, health, reload: () => certificates?.wake(), caughtUp, stop };
}

/** Opens all that a gateway with these settings needs, to be looked at; nothing is started. */
export async function openExamined(config: Config, parts: GatewayParts = {}): Promise<Examined & { close(): Promise<void> }> {
  const clock = parts.clock ?? systemClock;
  const { store, keys } = await openBase(config);
  try {
    const { source } = await openChain(config, store, clock, parts.log ?? createLog('silent'));
    const { tls, rates, network } = config;
    return {
      store,
      keys,
      network,
      source,
      clock,
      signal: AbortSignal.timeout(EXAMINATION_MS),
      rate: async (currency) => {
        const answers = await askRates(config, currency, parts.getText);
        const quotes = answers.flatMap(({ quote }) => quote ?? []);
        const maxAgeMs = rates.kind === 'fixed' ? Infinity : rates.maxAgeMs;
        return { answers, agreed: agree(quotes, { now: clock.now(), maxAgeMs, outlierBps: OUTLIER_BPS }) };
      },
      certificateEndsAt: tls === undefined ? undefined : async () => checkPair(await readPair(tls)).endsAt,
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openChain(
  config: Config,
  store: SqlStore,
  clock: Clock,
  log: Log,
): Promise<{ source: ChainSource; sandbox: SandboxChain | undefined }> {
  const { chain, network } = config;
  if (chain.kind === 'sandbox') {
    const sandbox = await SandboxChain.open({ store: store.sandbox, clock, network });
    return { source: sandbox, sandbox };
  }
  const { createBitcoindSource } = await import('./chain/bitcoind/bitcoind-source.ts');
  const source = createBitcoindSource({
    url: chain.url,
    network,
    clock,
    log: { info: (message) => log.info(message), warn: (message) => log.warn(message) },
    ...(chain.cookieFile === undefined ? {} : { cookieFile: chain.cookieFile }),
    ...(chain.zmqSequence === undefined ? {} : { zmqSequence: chain.zmqSequence }),
  });
  return { source, sandbox: undefined };
}

/** Asks every source of rates once, for whoever wants to see how they do. */
export async function askRates({ rates }: Config, currency: string, get: GetText = getText): Promise<readonly AnsweredRate[]> {
  const now = systemClock.now();
  if (rates.kind === 'fixed') {
    const price = parseDecimal(rates.rates.get(currency) ?? '');
    return [{ name: 'fixed', quote: price && { provider: 'fixed', currency, price, at: now } }];
  }
  const asking = { getText: get, now, signal: AbortSignal.timeout(20_000) };
  const ask = async (name: ProviderName): Promise<AnsweredRate> => {
    const provider = PROVIDERS[name];
    if (provider.currencies?.includes(currency) === false) return { name };
    try {
      return { name, quote: (await askProvider(provider, [currency], asking)).get(currency) };
    } catch (error) {
      return { name, trouble: error instanceof Error ? error.message : String(error) };
    }
  };
  return Promise.all(rates.providers.map(ask));
}

/** Undefined where rates are fixed. */
function openRates({ rates }: Config, store: SqlStore, clock: Clock, log: Log, parts: GatewayParts): ExchangeRates | undefined {
  if (rates.kind === 'fixed') return undefined;
  return new ExchangeRates({
    ...rates,
    providers: rates.providers.map((name) => PROVIDERS[name]),
    getText: parts.getText ?? getText,
    currencies: async () => [...new Set((await store.pos.list()).filter(({ active }) => active).map(({ currency }) => currency))],
    clock,
    random: parts.random ?? Math.random,
    log,
  });
}

function healthOf(source: ChainSource, { status }: Watcher): Health {
  return {
    ready: status.syncedAt !== undefined && status.trouble === undefined,
    chain: {
      source: source.name,
      network: source.network,
      height: status.tip?.height ?? null,
      synced_at: status.syncedAt === undefined ? null : isoDate(status.syncedAt),
      trouble: status.trouble ?? null,
    },
  };
}
