/**
 * The settings of a gateway: the environment, read once, checked whole, frozen. Every variable is optional and begins with
 * `WEBPOS_`; a wrong one stops the start with a message that names it.
 */
import type { Network } from '../kernel/chain.ts';
import type { ProviderName } from '../rates/provider-names.ts';

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
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
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

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
