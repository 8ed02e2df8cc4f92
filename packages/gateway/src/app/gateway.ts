/** A gateway that serves, and what tests replace of it. */
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

/** All that services need, in one: each names what it takes of it. */
export type GatewayContext = OrderCreationContext & SandboxContext & LoginContext;

export interface Gateway {
  /** The URL by which it is reached on this machine. */
  readonly url: string;
  readonly context: GatewayContext;
  /** Its chain; undefined unless it is the sandbox's. */
  readonly sandbox: SandboxChain | undefined;
  /** The URL of the operations port; undefined where health and metrics have no port of their own. */
  readonly opsUrl: string | undefined;
  health(): Health;
  /** Calls the listener with what happens to orders and callbacks from now on. */
  onActivity(listener: (activity: Activity) => void): void;
  /** Reads the certificate's files now. */
  reload(): void;
  /** Settles when a reading of the chain that began after this call has been stored, with all that follows from it. */
  caughtUp(signal: AbortSignal): Promise<void>;
  /** Settles with the reason when another gateway has taken the database: this one must stop, and accepts no more orders. */
  readonly lost: Promise<string>;
  /**
   * Answers the requests under way, stores what is being stored, and stops every part.
   *
   * @returns the names of the parts that failed to stop; each failure has been logged.
   */
  stop(): Promise<readonly string[]>;
}

/** What a program that starts a gateway adds, and what tests replace. */
export interface GatewayParts {
  /** What runs beside the gateway, for its page at `/`; read whenever somebody opens that. */
  readonly homeLinks?: () => readonly HomeLink[];
  readonly clock?: Clock;
  readonly log?: Log;
  readonly random?: () => number;
  /** How exchanges are asked for rates. */
  readonly getText?: GetText;
  /** Stands before the store. */
  readonly store?: (own: SqlStore) => SqlStore;
  /** How long an attempt to deliver a callback may take, and for how long it is claimed. */
  readonly callbacks?: { readonly deadlineMs: number; readonly claimMs: number };
  /** Replaces a part of the lifecycle before it is started. */
  readonly part?: LifecycleOptions['replace'];
  /** How long a part may take to stop, in milliseconds. Default 10,000. */
  readonly partStopTimeoutMs?: number;
}
