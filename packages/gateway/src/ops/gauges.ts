/**
 * The gauges of a gateway: values that are read when Prometheus asks. Some are in memory; the counts of the database come
 * from a sample, which is taken at most every few seconds.
 */
import type { Gauge } from 'prom-client';
import type { EpochMs } from '../kernel/clock.ts';
import type { Sample, Stats } from './sampler.ts';

/** What the gauges read. */
export interface Readings {
  now(): EpochMs;
  chain(): {
    readonly height: number | undefined;
    readonly syncedAt: EpochMs | undefined;
    readonly troubled: boolean;
    /** Kinds of the present concerns: conditions that may hide payments from the node. */
    readonly concerns: readonly string[];
  };
  /** Every kind of concern that there is. */
  readonly concernKinds: readonly string[];
  /** The term of the processes that share the database, and whether this one leads; undefined if there is only one. */
  leader(): { readonly term: number; readonly isHere: boolean } | undefined;
  /** How many callbacks this process has claimed and not finished. */
  callbackClaims(): number;
  /** Mempool transactions that have been examined. */
  mempoolSize(): number;
  watchedScripts(): number;
  /** The time of a currency's rate; undefined if there is no rate. */
  rateAt(currency: string): EpochMs | undefined;
  /** When the certificate in use expires; undefined without a certificate. */
  certificateEndsAt(): EpochMs | undefined;
  connections(): Promise<number>;
  /** Free space of the database's file system, in bytes; undefined if the database is no file on this machine. */
  readonly databaseFreeBytes: (() => Promise<number>) | undefined;
  /** Whether the changes of other processes are heard, if others may serve the database. */
  notificationsTrusted(): boolean;
  /** The longest run of addresses of one account that were handed out and never paid. */
  addressesUnused(): number;
  /** Rows that decide where money goes and are known to be not authentic. */
  sealedRowsBroken(): number;
  /** Callback endpoints that keep failing. */
  failingEndpoints(): { readonly endpoints: number; readonly since: EpochMs | undefined };
  sample(): Promise<Sample>;
}

export type MakeGauge = <Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]) => Gauge<Label>;

/** Creates all gauges, and returns a function that sets them. */
export function createGauges(gauge: MakeGauge, readings: Readings): () => Promise<void> {
  const creators = [chainGauges, processGauges, walletGauges, serverGauges, endpointGauges, diskGauges, notificationGauges];
  const live = creators.map((create) => create(gauge, readings));
  const sampled = [orderGauges, callbackGauges, messageGauges, paymentGauges, rateGauges].map((create) =>
    create(gauge, readings),
  );
  const storeUp = gauge('webpos_store_up', '1 while the database answers');
  return async () => {
    for (const set of live) await set();
    const { answers, stats } = await readings.sample();
    storeUp.set(answers ? 1 : 0);
    if (stats !== undefined) for (const set of sampled) set(stats);
  };
}

type SetLive = () => void | Promise<void>;
type SetSampled = (stats: Stats) => void;

function chainGauges(gauge: MakeGauge, readings: Readings): SetLive {
  const height = gauge('webpos_chain_tip_height', 'Height up to which the chain has been read');
  const lag = gauge('webpos_chain_lag_seconds', 'Time since the chain was last read to its tip, or since startup');
  const trouble = gauge('webpos_chain_trouble', '1 while the chain cannot be read or payments cannot be seen');
  const concern = gauge('webpos_chain_concern', '1 while something may hide payments from the node, by kind', ['kind']);
  const mempool = gauge('webpos_mempool_transactions', 'Mempool transactions that have been examined');
  const scripts = gauge('webpos_watched_scripts', 'Scripts that every block is searched for');
  const startedAt = readings.now();
  return () => {
    const chain = readings.chain();
    if (chain.height !== undefined) height.set(chain.height);
    lag.set(ageS(readings.now(), chain.syncedAt ?? startedAt));
    trouble.set(chain.troubled ? 1 : 0);
    for (const kind of readings.concernKinds) concern.set({ kind }, chain.concerns.includes(kind) ? 1 : 0);
    mempool.set(readings.mempoolSize());
    scripts.set(readings.watchedScripts());
  };
}

/** Of a process that has the database to itself, it leads, and there is no term. */
function processGauges(gauge: MakeGauge, readings: Readings): SetLive {
  const leads = gauge('webpos_leader', '1 while this process follows the chain');
  const term = gauge('webpos_leader_term', 'Term of the processes that share the database, 0 if only one serves it');
  const claims = gauge('webpos_callback_claims', 'Callbacks that this process has claimed and not finished');
  return () => {
    const leader = readings.leader();
    leads.set(leader === undefined || leader.isHere ? 1 : 0);
    term.set(leader?.term ?? 0);
    claims.set(readings.callbackClaims());
  };
}

function walletGauges(gauge: MakeGauge, readings: Readings): SetLive {
  const unused = gauge(
    'webpos_addresses_unused_in_a_row',
    'Longest run of addresses of one account that were handed out and never paid',
  );
  const broken = gauge('webpos_sealed_rows_broken', 'Accounts, POS, addresses and orders that were changed outside WebPOS');
  return () => {
    unused.set(readings.addressesUnused());
    broken.set(readings.sealedRowsBroken());
  };
}

function serverGauges(gauge: MakeGauge, readings: Readings): SetLive {
  const connections = gauge('webpos_http_connections', 'Open connections on the public port');
  const certificate = gauge('webpos_tls_certificate_expiry_timestamp_seconds', 'When the certificate in use expires');
  return async () => {
    connections.set(await readings.connections());
    const endsAt = readings.certificateEndsAt();
    if (endsAt !== undefined) certificate.set(endsAt / 1000);
  };
}

function endpointGauges(gauge: MakeGauge, readings: Readings): SetLive {
  const failing = gauge('webpos_callback_endpoints_failing', 'Callback endpoints that failed at least three times in a row');
  const failingFor = gauge('webpos_callback_endpoints_failing_seconds', 'How long the first of these endpoints has been failing');
  return () => {
    const { endpoints, since } = readings.failingEndpoints();
    failing.set(endpoints);
    failingFor.set(since === undefined ? 0 : ageS(readings.now(), since));
  };
}

function diskGauges(gauge: MakeGauge, { databaseFreeBytes }: Readings): SetLive {
  if (databaseFreeBytes === undefined) return () => {};
  const free = gauge('webpos_database_free_bytes', 'Free space of the file system that holds the database');
  return async () => free.set(await databaseFreeBytes().catch(() => Number.NaN));
}

function notificationGauges(gauge: MakeGauge, readings: Readings): SetLive {
  const trusted = gauge(
    'webpos_notifications_trusted',
    '1 while the changes of other processes are heard, 0 while they are polled',
  );
  return () => trusted.set(readings.notificationsTrusted() ? 1 : 0);
}

function orderGauges(gauge: MakeGauge): SetSampled {
  const orders = gauge('webpos_orders_open', 'Orders that a deadline can still change, by blockchain status', ['status']);
  return ({ openOrders }) => {
    orders.reset();
    for (const [status, count] of openOrders) orders.set({ status }, count);
  };
}

function callbackGauges(gauge: MakeGauge, readings: Readings): SetSampled {
  const waiting = gauge('webpos_callbacks_waiting', 'Callbacks still to be delivered');
  const oldest = gauge('webpos_callbacks_oldest_waiting_seconds', 'Age of the oldest callback still to be delivered');
  const failed = gauge('webpos_callbacks_failed', 'Callbacks given up');
  return ({ waitingCallbacks, oldestWaitingAt, failedCallbacks }) => {
    waiting.set(waitingCallbacks);
    oldest.set(oldestWaitingAt === undefined ? 0 : ageS(readings.now(), oldestWaitingAt));
    failed.set(failedCallbacks);
  };
}

function messageGauges(gauge: MakeGauge): SetSampled {
  const waiting = gauge('webpos_notifications_waiting', 'Messages to people that wait to be sent');
  const failed = gauge('webpos_notifications_failed', 'Messages to people that were given up');
  return ({ messages }) => {
    waiting.set(messages.waiting);
    failed.set(messages.failed);
  };
}

function paymentGauges(gauge: MakeGauge): SetSampled {
  const missing = gauge('webpos_payments_missing', 'Payments that the node no longer has and nothing has replaced');
  const unassigned = gauge('webpos_unassigned_payments', 'Unacknowledged payments to addresses that belong to no order');
  const unassignedSats = gauge('webpos_unassigned_satoshi', 'Sum of the unassigned payments, in satoshi');
  return (stats) => {
    missing.set(stats.missingPayments);
    unassigned.set(stats.unassigned.payments);
    unassignedSats.set(Number(stats.unassigned.amount));
  };
}

function rateGauges(gauge: MakeGauge, readings: Readings): SetSampled {
  const age = gauge('webpos_rate_age_seconds', 'Age of the rate of a currency that some POS sells in', ['currency']);
  const available = gauge('webpos_rate_available', '1 while a currency that some POS sells in has a rate', ['currency']);
  return ({ currencies }) => {
    age.reset();
    available.reset();
    for (const currency of currencies) {
      const at = readings.rateAt(currency);
      available.set({ currency }, at === undefined ? 0 : 1);
      if (at !== undefined) age.set({ currency }, ageS(readings.now(), at));
    }
  };
}

/** Returns an age in seconds, and 0 for a time in the future, as after a correction of the clock. */
function ageS(now: EpochMs, since: EpochMs): number {
  return Math.max(0, now - since) / 1000;
}
