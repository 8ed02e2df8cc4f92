/**
 * The metrics that Prometheus reads from the gateway. Names and units follow its conventions (base units, `_total` for counters), and
 * labels have few values: never a path, an id or an address. docs/metrics.md lists all metrics.
 *
 * Requests, refusals and callback attempts are counted as they happen; everything else is a gauge, read on request.
 */
import type * as PromClient from 'prom-client';
import type { Step } from '../kernel/thread/steps.ts';
import { CONNECTION_LIMITS, LIMIT_NAMES, type ConnectionLimit, type LimitName } from '../http/limits/limit-names.ts';
import { createGauges, type Readings } from './gauges.ts';

const OUTCOMES = ['delivered', 'retry', 'failed'] as const;
const NOTIFICATION_OUTCOMES = ['sent', 'retry', 'failed', 'dropped', 'released'] as const;
export type NotificationOutcome = (typeof NOTIFICATION_OUTCOMES)[number];

export interface Metrics {
  readonly contentType: string;
  /** @param route The route's path with parameter names; null if no route matched. */
  requestAnswered(method: string, route: string | null, status: number, durationMs: number): void;
  requestLimited(limit: LimitName): void;
  connectionLimited(limit: ConnectionLimit, which: 'idle' | 'refused'): void;
  callbackAttempted(outcome: (typeof OUTCOMES)[number]): void;
  /** An attempt to send a notification has ended. */
  notificationAttempted(outcome: NotificationOutcome): void;
  transactionWaited(durationMs: number): void;
  /** A step has held the JavaScript thread, for `cpuMs` of which the process was running. */
  stepHeld(step: Step, durationMs: number, cpuMs: number): void;
  /** A transaction of a step has ended. */
  transactionEnded(step: Step, durationMs: number): void;
  /** Adds the gauges. Called once, when everything that they read is open. */
  observe(readings: Readings): void;
  /** Returns all metrics in Prometheus's text format. */
  text(): Promise<string>;
}

const REQUEST_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const WAIT_BUCKETS_S = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

export async function openMetrics(): Promise<Metrics> {
  // Loaded on demand, because it costs a quarter of the start and 10 MB.
  const client = await import('prom-client');
  const registry = new client.Registry();
  const registers = [registry];
  client.collectDefaultMetrics({ register: registry });
  const requests = new client.Histogram({
    name: 'webpos_http_request_duration_seconds',
    help: 'Duration of requests until they were answered, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_S,
    registers,
  });
  const waits = new client.Histogram({
    name: 'webpos_store_transaction_wait_seconds',
    help: 'Time that transactions waited for their turn on the database',
    buckets: WAIT_BUCKETS_S,
    registers,
  });
  const { limited, refused, idleClosed, attempts, messages } = createCounters(client, registry);
  const maximum = (name: string, help: string): Maxima =>
    new Maxima(new client.Gauge({ name, help, labelNames: ['step'], registers }));
  const holds = maximum(
    'webpos_step_hold_max_seconds',
    'Longest time that a step held the JavaScript thread, since the last scrape',
  );
  const cpuHolds = maximum('webpos_step_hold_cpu_max_seconds', 'Longest CPU time of such a hold');
  const transactions = maximum('webpos_store_transaction_max_seconds', 'Longest transaction of a step since the last scrape');
  let setGauges: (() => Promise<void>) | undefined;
  return {
    contentType: registry.contentType,
    requestAnswered: (method, route, status, durationMs) =>
      requests.observe({ method, route: route ?? 'none', status: String(status) }, durationMs / 1000),
    requestLimited: (limit) => limited.inc({ limit }),
    connectionLimited: (limit, which) => (which === 'idle' ? idleClosed : refused).inc({ limit }),
    callbackAttempted: (outcome) => attempts.inc({ outcome }),
    notificationAttempted: (outcome) => messages.inc({ outcome }),
    transactionWaited: (durationMs) => waits.observe(durationMs / 1000),
    stepHeld: (step, durationMs, cpuMs) => {
      holds.note(step, durationMs);
      cpuHolds.note(step, Math.min(cpuMs, durationMs));
    },
    transactionEnded: (step, durationMs) => transactions.note(step, durationMs),
    observe: (readings) => {
      setGauges = createGauges(
        (name, help, labelNames = []) => new client.Gauge({ name, help, labelNames: [...labelNames], registers }),
        readings,
      );
    },
    text: async () => {
      await setGauges?.();
      holds.publish();
      cpuHolds.publish();
      transactions.publish();
      return registry.metrics();
    },
  };
}

/** The longest durations since the last scrape, by step. */
class Maxima {
  readonly #gauge: PromClient.Gauge<'step'>;
  #maxima = new Map<Step, number>();

  constructor(gauge: PromClient.Gauge<'step'>) {
    this.#gauge = gauge;
  }

  note(step: Step, durationMs: number): void {
    if (durationMs > (this.#maxima.get(step) ?? 0)) this.#maxima.set(step, durationMs);
  }

  publish(): void {
    this.#gauge.reset();
    for (const [{ name }, durationMs] of this.#maxima) this.#gauge.set({ step: name }, durationMs / 1000);
    this.#maxima = new Map();
  }
}

interface Counters {
  readonly limited: PromClient.Counter<'limit'>;
  readonly refused: PromClient.Counter<'limit'>;
  readonly idleClosed: PromClient.Counter<'limit'>;
  readonly attempts: PromClient.Counter<'outcome'>;
  readonly messages: PromClient.Counter<'outcome'>;
}

/** Creates the counters with all their series at 0: `rate()` misses the first event of a series that begins with it. */
function createCounters(client: typeof PromClient, registry: PromClient.Registry): Counters {
  const counter = <Label extends string>(
    name: string,
    help: string,
    label: Label,
    values: readonly string[],
  ): PromClient.Counter<Label> => {
    const created = new client.Counter({ name, help, labelNames: [label], registers: [registry] });
    for (const value of values) created.inc({ [label]: value } as Record<Label, string>, 0);
    return created;
  };
  return {
    limited: counter('webpos_http_rate_limited_total', 'Requests refused by a rate limit, by limit', 'limit', LIMIT_NAMES),
    refused: counter(
      'webpos_http_connections_refused_total',
      'Connections closed at once because a share of the connections was full, by share',
      'limit',
      CONNECTION_LIMITS,
    ),
    idleClosed: counter(
      'webpos_http_connections_idle_closed_total',
      'Idle connections closed to make room for new ones, by the share that was full',
      'limit',
      CONNECTION_LIMITS,
    ),
    attempts: counter('webpos_callback_attempts_total', 'Attempts to deliver callbacks, by outcome', 'outcome', OUTCOMES),
    messages: counter(
      'webpos_notifications_attempts_total',
      'Attempts to send notifications, by outcome',
      'outcome',
      NOTIFICATION_OUTCOMES,
    ),
  };
}
