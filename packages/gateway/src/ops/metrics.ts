/**
 * What Prometheus may read of the gateway. Names and units go by its conventions (base units, `_total` for counters); labels have
 * few values, never a path, an id or an address. docs/metrics.md lists them all.
 *
 * Counted as it happens: requests, refusals, callback attempts. Read when asked for: all else. What the database has to be
 * asked for comes from a sample that is never younger than it needs to be.
 */
import type { Gauge } from 'prom-client';
import { CONNECTION_LIMITS, LIMIT_NAMES, type ConnectionLimit, type LimitName } from '../http/limits/limit-names.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { Sample } from './sampler.ts';

const OUTCOMES = ['delivered', 'retry', 'failed'] as const;

/** What happened. */
export interface Metrics {
  readonly contentType: string;
  /** @param route The route's path with names for its parameters, or null when none exists. */
  requestAnswered(method: string, route: string | null, status: number, durationMs: number): void;
  requestLimited(limit: LimitName): void;
  connectionLimited(limit: ConnectionLimit, which: 'idle' | 'refused'): void;
  callbackAttempted(outcome: (typeof OUTCOMES)[number]): void;
  transactionWaited(durationMs: number): void;
  /** From now on the gauges are part of the text. Called once, when everything they read has been opened. */
  observe(readings: Readings): void;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
}

/** What is asked when Prometheus asks. */
export interface Readings {
  now(): EpochMs;
  chain(): {
    readonly height: number | undefined;
    readonly syncedAt: EpochMs | undefined;
    readonly troubled: boolean;
    /** Kinds of what may hide payments from the node. */
    readonly concerns: readonly string[];
  };
  /** Every kind that there may be. */
  readonly concernKinds: readonly string[];
  /** Transactions of the mempool that have been looked at. */
  mempoolSize(): number;
  watchedScripts(): number;
  /** When a currency's rate is from; undefined when none exists. */
  rateAt(currency: string): EpochMs | undefined;
  /** When the certificate that is in use ends; undefined without one. */
  certificateEndsAt(): EpochMs | undefined;
  connections(): Promise<number>;
  /** How much more the file system of the database takes; undefined where the database is no file here. */
  readonly databaseFreeBytes: (() => Promise<number>) | undefined;
  /** The most addresses of one account that were given out in a row and never paid. */
  addressesUnused(): number;
  /** Endpoints of callbacks that keep failing. */
  failingEndpoints(): { readonly endpoints: number; readonly since: EpochMs | undefined };
  sample(): Promise<Sample>;
}

const REQUEST_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const WAIT_BUCKETS_S = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

export async function openMetrics(): Promise<Metrics> {
  // Loaded only where someone wants them: it takes a quarter of the start and 10 MB.
  const { collectDefaultMetrics, Counter, Gauge: GaugeClass, Histogram, Registry: RegistryClass } = await import('prom-client');
  const registry = new RegistryClass();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'webpos_http_request_duration_seconds',
    help: 'How long requests took until they were answered, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_S,
    registers,
  });
  const limited = new Counter({
    name: 'webpos_http_rate_limited_total',
    help: 'Requests refused because there were too many, by limit',
    labelNames: ['limit'],
    registers,
  });
  const connectionsRefused = new Counter({
    name: 'webpos_http_connections_refused_total',
    help: 'Connections closed at once because too many were in use, by whose share was full',
    labelNames: ['limit'],
    registers,
  });
  const idleClosed = new Counter({
    name: 'webpos_http_connections_idle_closed_total',
    help: 'Idle connections closed to make room for new ones, by whose share was full',
    labelNames: ['limit'],
    registers,
  });
  const attempts = new Counter({
    name: 'webpos_callback_attempts_total',
    help: 'Attempts to deliver a callback, by what came of them',
    labelNames: ['outcome'],
    registers,
  });
  // A counter that first shows with its first event hides that event from `rate()`.
  for (const limit of LIMIT_NAMES) limited.inc({ limit }, 0);
  for (const limit of CONNECTION_LIMITS) for (const counter of [connectionsRefused, idleClosed]) counter.inc({ limit }, 0);
  for (const outcome of OUTCOMES) attempts.inc({ outcome }, 0);
  const waits = new Histogram({
    name: 'webpos_store_transaction_wait_seconds',
    help: 'How long a transaction waited for its turn at the database',
    buckets: WAIT_BUCKETS_S,
    registers,
  });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> =>
    new GaugeClass({ name, help, labelNames: [...labelNames], registers });
  let read: (() => Promise<void>) | undefined;
  return {
    contentType: registry.contentType,
    requestAnswered: (method, route, status, durationMs) =>
      requests.observe({ method, route: route ?? 'none', status: String(status) }, durationMs / 1000),
    requestLimited: (limit) => limited.inc({ limit }),
    connectionLimited: (limit, which) => (which === 'idle' ? idleClosed : connectionsRefused).inc({ limit }),
    callbackAttempted: (outcome) => attempts.inc({ outcome }),
    transactionWaited: (durationMs) => waits.observe(durationMs / 1000),
    observe: (readings) => {
      read = gauges(gauge, readings);
    },
    text: async () => {
      await read?.();
      return registry.metrics();
    },
  };
}

type MakeGauge = <Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]) => Gauge<Label>;

/** Makes the gauges, and answers what sets them all. */
function gauges(gauge: MakeGauge, readings: Readings): () => Promise<void> {
  const height = gauge('webpos_chain_tip_height', 'Height of the block up to which the chain has been read');
  const lag = gauge('webpos_chain_lag_seconds', 'How long ago the chain was last read to its tip');
  const trouble = gauge('webpos_chain_trouble', '1 while the chain cannot be read');
  const concern = gauge('webpos_chain_concern', '1 while something may hide payments from the node, by its kind', ['kind']);
  const mempool = gauge('webpos_mempool_transactions', 'Transactions of the mempool that have been looked at');
  const scripts = gauge('webpos_watched_scripts', 'Scripts that are looked for in every block');
  const connections = gauge('webpos_http_connections', 'Open connections on the public port');
  const certificate = gauge('webpos_tls_certificate_expiry_timestamp_seconds', 'When the certificate in use ends');
  const storeUp = gauge('webpos_store_up', '1 while the database answers');
  const free =
    readings.databaseFreeBytes &&
    gauge('webpos_database_free_bytes', 'How much more the file system that the database lies on takes');
  const orders = gauge('webpos_orders_open', 'Orders that can still change by themselves, by where they stand on the chain', [
    'status',
  ]);
  const waiting = gauge('webpos_callbacks_waiting', 'Callbacks still to be delivered');
  const oldest = gauge('webpos_callbacks_oldest_waiting_seconds', 'Age of the oldest callback still to be delivered');
  const failed = gauge('webpos_callbacks_failed', 'Callbacks given up');
  const paused = gauge('webpos_callback_endpoints_failing', 'Endpoints of callbacks that failed three times in a row or more');
  const pausedFor = gauge('webpos_callback_endpoints_failing_seconds', 'For how long the first of them has been failing');
  const rateAge = gauge('webpos_rate_age_seconds', 'Age of the rate of a currency that some POS sells in', ['currency']);
  const rateUp = gauge('webpos_rate_available', '1 while a currency that some POS sells in has a rate', ['currency']);
  const missing = gauge(
    'webpos_payments_missing',
    'Payments that the chain source no longer has and nothing has replaced: they are sent again',
  );
  const unused = gauge(
    'webpos_addresses_unused_in_a_row',
    'Most addresses of one account that were given out in a row and never paid',
  );
  const unassigned = gauge('webpos_unassigned_payments', 'Payments to addresses that no order has, that nobody has acknowledged');
  const unassignedSats = gauge('webpos_unassigned_satoshi', 'What the unassigned payments are together');
  const startedAt = readings.now();
  return async () => {
    const now = readings.now();
    const chain = readings.chain();
    if (chain.height !== undefined) height.set(chain.height);
    lag.set(ageS(now, chain.syncedAt ?? startedAt));
    trouble.set(chain.troubled ? 1 : 0);
    for (const kind of readings.concernKinds) concern.set({ kind }, chain.concerns.includes(kind) ? 1 : 0);
    mempool.set(readings.mempoolSize());
    scripts.set(readings.watchedScripts());
    unused.set(readings.addressesUnused());
    connections.set(await readings.connections());
    const endsAt = readings.certificateEndsAt();
    if (endsAt !== undefined) certificate.set(endsAt / 1000);
    const failing = readings.failingEndpoints();
    paused.set(failing.endpoints);
    pausedFor.set(failing.since === undefined ? 0 : ageS(now, failing.since));

    if (free !== undefined) free.set((await readings.databaseFreeBytes?.().catch(() => undefined)) ?? Number.NaN);
    const { answers, stats } = await readings.sample();
    storeUp.set(answers ? 1 : 0);
    if (stats === undefined) return;
    orders.reset();
    for (const [status, count] of stats.openOrders) orders.set({ status }, count);
    waiting.set(stats.waitingCallbacks);
    oldest.set(stats.oldestWaitingAt === undefined ? 0 : ageS(now, stats.oldestWaitingAt));
    failed.set(stats.failedCallbacks);
    missing.set(stats.missingPayments);
    unassigned.set(stats.unassigned.payments);
    unassignedSats.set(Number(stats.unassigned.amount));
    rateAge.reset();
    rateUp.reset();
    for (const currency of stats.currencies) {
      const at = readings.rateAt(currency);
      rateUp.set({ currency }, at === undefined ? 0 : 1);
      if (at !== undefined) rateAge.set({ currency }, ageS(readings.now(), at));
    }
  };
}

/** In seconds, and never below 0: what is newer than the moment of asking is new. */
function ageS(now: EpochMs, since: EpochMs): number {
  return Math.max(0, now - since) / 1000;
}
