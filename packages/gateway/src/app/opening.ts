/** What every part of a gateway gets when it is opened. */
import type { Watcher } from '../chain/watcher.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { Emitter } from '../kernel/emitter.ts';
import type { OrderId } from '../kernel/ids.ts';
import { Late } from '../kernel/late.ts';
import type { Log } from '../ops/log.ts';
import { openMetrics, type Metrics } from '../ops/metrics.ts';
import type { ProcessLogs } from '../ops/process-logs.ts';
import type { Watchdog } from '../ops/watchdog.ts';
import { isShareable } from '../store/sql/open-store.ts';
import type { AttemptedCallback } from './activity.ts';
import type { GatewayParts } from './gateway.ts';
import type { Lifecycle } from './lifecycle.ts';
import { SharedSignal } from './shared-signal.ts';

export interface Opening {
  readonly config: Config;
  readonly parts: GatewayParts;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  /** A monotonic clock, in milliseconds. */
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly accessLog: Log | ProcessLogs['accessLog'];
  /** Undefined if nobody can read them. */
  readonly metrics: Metrics | undefined;
  readonly watchdog: Watchdog;
  readonly signals: Signals;
}

/** Events and values that connect parts to others that are opened later. */
export interface Signals {
  /** Orders may have changed, in any process; emitted after they are stored. */
  readonly ordersChanged: SharedSignal<readonly OrderId[]>;
  /** The chain has another tip; after it is stored, and the orders that it changes. */
  readonly tipMoved: SharedSignal<void>;
  /** A callback has been stored. */
  readonly callbackStored: SharedSignal<void>;
  /** An attempt to deliver a callback has ended. */
  readonly callbackAttempted: Emitter<AttemptedCallback>;
  readonly watcher: Late<Watcher>;
  /** The URL on which this machine reaches the gateway. */
  readonly url: Late<string>;
}

export function openSignals(): Signals {
  return {
    ordersChanged: new SharedSignal(),
    tipMoved: new SharedSignal(),
    callbackStored: new SharedSignal(),
    callbackAttempted: new Emitter(),
    watcher: new Late('the watcher of the chain'),
    url: new Late('the URL of the gateway'),
  };
}

/** Opens metrics if the settings let somebody read them. */
export async function metricsFor({ ops }: Config): Promise<Metrics | undefined> {
  return ops.port === undefined && ops.token === undefined ? undefined : openMetrics();
}

/** What the parts that stop after requests and attempts need, in milliseconds. */
const CLOSING_MS = 1_000;

/** How long requests and attempts in progress may take to end once the gateway stops: the stop as a whole has a limit. */
export function workTimeoutMs({ stopTimeoutMs }: Pick<Config, 'stopTimeoutMs'>): number {
  return Math.max(stopTimeoutMs - CLOSING_MS, stopTimeoutMs / 2);
}

/**
 * Whether other processes may share the database and take turns at leading. The chain of the sandbox is in the memory of one process, which
 * therefore has the database to itself.
 */
export function isSharing({ databaseUrl, chain }: Pick<Config, 'databaseUrl' | 'chain'>): boolean {
  return isShareable(databaseUrl) && chain.kind !== 'sandbox';
}
