/**
 * The settings of a gateway: read from the environment once, validated completely, and frozen. All variables are optional and
 * begin with `WEBPOS_`; an invalid one prevents the start with a message that names it.
 */
import type { HostList } from '../kernel/host-list.ts';
import type { Network } from '../kernel/chain.ts';
import type { ProviderName } from '../rates/provider-names.ts';
import type { SmtpConfig } from './read-smtp.ts';
import type { TrustProxy } from './trust-proxy.ts';

export interface Config {
  readonly mode: 'sandbox' | 'live';
  readonly network: Network;
  readonly host: string;
  readonly port: number;
  /** The URL for buyers and shops, without a trailing slash; undefined: the address that the gateway listens on. */
  readonly publicUrl: string | undefined;
  /** May contain user and password: never log it. */
  readonly databaseUrl: string;
  /**
   * The URL of the same database without a connection pooler, for what needs a session: notifications and locks. undefined: the same URL.
   * May contain user and password: never log it.
   */
  readonly databaseDirectUrl: string | undefined;
  readonly chain: ChainConfig;
  readonly rates: RatesConfig;
  readonly orderTtlMs: number;
  readonly settlementTimeoutMs: number;
  readonly chargebackTimeoutMs: number;
  /** The number of confirmations from which a payment is no longer watched for disputes. */
  readonly finalDepth: number;
  /** How long a payment still counts as seen when the chain source no longer has it and nothing has replaced it. */
  readonly missingPaymentTimeoutMs: number;
  /** How long an unacknowledged callback is retried. */
  readonly callbackGiveUpAfterMs: number;
  /** How long each attempt to deliver a callback is stored. */
  readonly callbackAttemptRetentionMs: number;
  /** How long events are stored after their delivery has ended; undefined: for ever. */
  readonly eventRetentionMs: number | undefined;
  /** How many addresses of each account are derived in advance. */
  readonly addressPoolSize: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly limits: LimitsConfig;
  readonly trustProxy: TrustProxy;
  readonly ops: OpsConfig;
  /** How long the gateway goes on serving after it is asked to stop, while `/readyz` says that it is not ready. */
  readonly stopDelayMs: number;
  /** How long running requests may take to finish after the gateway is asked to stop. */
  readonly stopTimeoutMs: number;
  /** How e-mails are sent; undefined: none are. */
  readonly smtp: SmtpConfig | undefined;
  /** How long the chain is in trouble before people are notified. */
  readonly chainTroubleAfterMs: number;
  readonly keyFile: string;
  /** A file outside the database that records how far addresses may have been handed out. */
  readonly marksFile: string;
  readonly logLevel: LogLevel;
  readonly dangerouslyAllowPrivateCallbacks: boolean;
  /** Hosts that callbacks may be sent to even though they are private, over http as well. */
  readonly callbacksAllow: HostList;
}

export type ChainConfig =
  | { readonly kind: 'sandbox'; readonly blockIntervalMs: number }
  | {
      readonly kind: 'bitcoind';
      /** May contain user and password: never log it. */
      readonly url: string;
      readonly cookieFile: string | undefined;
      readonly zmqSequence: string | undefined;
    };

export type RatesConfig =
  | { readonly kind: 'fixed'; readonly rates: ReadonlyMap<string, string> }
  | {
      readonly kind: 'exchanges';
      readonly providers: readonly ProviderName[];
      /** How often each provider is queried. */
      readonly refreshMs: number;
      /** An older rate is not used. */
      readonly maxAgeMs: number;
    };
/** Rate limits per second; a burst of ten seconds' worth is allowed. 0 means unlimited. */
export interface LimitsConfig {
  /** Requests of one POS. */
  readonly clientPerS: number;
  /** Refused requests without a valid access token from one address. */
  readonly failuresPerS: number;
  /** Checkout pages to one address. */
  readonly pagesPerS: number;
  readonly connections: ConnectionsConfig;
}

/** Limits on open connections. */
export interface ConnectionsConfig {
  /** In total. */
  readonly total: number;
  /** From one address. */
  readonly perAddress: number;
  /** From one network of addresses. */
  readonly perNetwork: number;
}

/** Where the gateway exposes its health and metrics in full. */
export interface OpsConfig {
  readonly host: string;
  /** A port for health and metrics only; undefined: none. */
  readonly port: number | undefined;
  /** A secret that grants access to full health and metrics on the public port. */
  readonly token: string | undefined;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
