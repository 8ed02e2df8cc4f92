/** A serving gateway, and the parts of it that tests can replace. */
import type { Health } from '../api/health-routes.ts';
import type { SandboxChain } from '../chain/sandbox/sandbox-chain.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../ops/log.ts';
import type { GetText } from '../rates/http/get-text.ts';
import type { OrderCreationContext } from '../services/orders/create-order.ts';
import type { SandboxContext } from '../services/sandbox/sandbox.ts';
import type { LoginContext } from '../services/merchants/login.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';
import type { HomeLink } from '../web/home/home-routes.ts';
import type { Activity } from './activity.ts';
import type { LifecycleOptions } from './lifecycle.ts';

/** Everything that the services need; each service names the part that it uses. */
export type GatewayContext = OrderCreationContext & SandboxContext & LoginContext;

export interface Gateway {
  /** The URL on which this machine reaches it. */
  readonly url: string;
  readonly context: GatewayContext;
  /** The sandbox chain; undefined with a node. */
  readonly sandbox: SandboxChain | undefined;
  /** The URL of the operations port; undefined without one. */
  readonly opsUrl: string | undefined;
  health(): Health;
  /** Calls the listener for everything that happens to orders and callbacks from now on. */
  onActivity(listener: (activity: Activity) => void): void;
  /** Reloads the certificate files. */
  reload(): void;
  /** Resolves when a round of the watcher that began after this call has been stored, with its consequences. */
  caughtUp(signal: AbortSignal): Promise<void>;
  /**
   * Resolves to the reason when another gateway has taken over the database, or the disk has refused what was committed. This one then
   * refuses orders and must be stopped.
   */
  readonly lost: Promise<string>;
  /**
   * Answers the requests in progress, completes pending writes, and stops every part.
   *
   * @returns The names of the parts that failed to stop. Each failure has been logged.
   */
  stop(): Promise<readonly string[]>;
}

/** Additions of the program that starts a gateway, and replacements for tests. */
export interface GatewayParts {
  /** Other programs to link to from the page at `/`, read whenever somebody opens it. */
  readonly homeLinks?: () => readonly HomeLink[];
  readonly clock?: Clock;
  readonly log?: Log;
  readonly random?: () => number;
  /** Fetches the rates of exchanges. */
  readonly getText?: GetText;
  /** Wraps the store. */
  readonly store?: (own: SqlStore) => SqlStore;
  /** How long an attempt to deliver a callback may take, and how long its claim lasts, in milliseconds. */
  readonly callbacks?: { readonly deadlineMs: number; readonly claimMs: number };
  /** Replaces a part of the lifecycle before it is started. */
  readonly part?: LifecycleOptions['replace'];
  /** How long a part may take to stop, in milliseconds. Default: 15,000. */
  readonly partStopTimeoutMs?: number;
}
