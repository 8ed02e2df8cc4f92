/**
 * The settings of a gateway: the environment, read once, checked whole, frozen. Every variable is optional and begins with
 * `WEBPOS_`; a wrong one stops the start with a message that names it.
 */
import type { Network } from '../kernel/chain.ts';
import type { ProviderName } from '../rates/provider-names.ts';
import type { TrustProxy } from './trust-proxy.ts';

export interface Config {
  readonly mode: 'sandbox' | 'live';
  readonly network: Network;
  readonly host: string;
  readonly port: number;
  /** How buyers and shops reach us, without a slash at its end; undefined: by the address that we listen on. */
  readonly publicUrl: string | undefined;
  readonly databaseUrl: string;
  readonly chain: ChainConfig;
  readonly rates: RatesConfig;
  readonly orderTtlMs: number;
  readonly settlementTimeoutMs: number;
  readonly chargebackTimeoutMs: number;
  /** From this many confirmations on a payment is watched for disputes no more. */
  readonly finalDepth: number;
  /** For how long a callback is tried that nobody acknowledges. */
  readonly callbackGiveUpAfterMs: number;
  /** For how long every attempt to deliver a callback is logged. */
  readonly callbackAttemptsKeptMs: number;
  /** How many addresses of each account are derived before they are needed. */
  readonly addressesAhead: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly limits: LimitsConfig;
  readonly trustProxy: TrustProxy;
  readonly ops: OpsConfig;
  /** How long requests under way may take to end once the gateway is asked to stop. */
  readonly stopTimeoutMs: number;
  readonly keyFile: string;
  readonly logLevel: LogLevel;
  readonly dangerouslyAllowPrivateCallbacks: boolean;
}

export type ChainConfig =
  | { readonly kind: 'sandbox'; readonly blockIntervalMs: number }
  | {
      readonly kind: 'bitcoind';
      /** May hold user and password: never to be logged. */
      readonly url: string;
      readonly cookieFile: string | undefined;
      readonly zmqSequence: string | undefined;
    };

export type RatesConfig =
  | { readonly kind: 'fixed'; readonly rates: ReadonlyMap<string, string> }
  | {
      readonly kind: 'exchanges';
      readonly providers: readonly ProviderName[];
      /** How often each is asked. */
      readonly refreshMs: number;
      /** An older rate is none. */
      readonly maxAgeMs: number;
    };
/** How much is taken, a second; of each rate ten seconds' worth may come at once. 0 means without a limit. */
export interface LimitsConfig {
  /** Requests of one POS. */
  readonly clientPerS: number;
  /** Refused requests without a valid access token from one address. */
  readonly failuresPerS: number;
  /** Checkout pages to one address. */
  readonly pagesPerS: number;
  /** Open connections, all together. */
  readonly connections: number;
}

/** Where the gateway tells of itself, beside what it says to everybody. */
export interface OpsConfig {
  readonly host: string;
  /** A port for health and metrics alone; undefined: there is none. */
  readonly port: number | undefined;
  /** Who has it may see health and metrics in full on the public port; a secret. */
  readonly token: string | undefined;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
