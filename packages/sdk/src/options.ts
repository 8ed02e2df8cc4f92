import { show } from './check.ts';
import { processTokens, tokensIn, type TokenOwner, type TokenStore } from './token-store.ts';
import { ConfigurationError } from './errors/configuration-error.ts';
import type { Fetch } from './fetch.ts';
import { type HttpOptions, parseFetch } from './http-options.ts';
import type { Logger } from './logger.ts';
import { need } from './need.ts';

/** Which of the platform's two worlds a client talks to: `live` moves real bitcoin, `sandbox` does not. */
export type Mode = 'live' | 'sandbox';

/** How to reach the gateway, and as whom. */
export interface ClientOptions {
  /** `live` or `sandbox`. */
  mode: Mode;
  /** The client id of the POS. */
  clientId: string;
  /** The secret of the POS. */
  secret: string;
  /** Where a self-hosted gateway is, such as `https://pay.example.com`. Default: the public platform's host for the mode. */
  baseUrl?: string | undefined;
  /** How the requests are sent. Default: with the global `fetch`. */
  http?: HttpOptions | undefined;
  /**
   * Where the token is kept, to be shared among processes: what `sharedTokens` of `@webpos/sdk/cache` makes of a Redis, or
   * of any store that you have.
   * Default: the memory of this process, for all clients with the same base URL, client id and secret; a client with a
   * way of its own in `http`, which may lead elsewhere, keeps its token for itself.
   */
  cache?: ((owner: TokenOwner) => TokenStore) | undefined;
  /** How many times a failed request that may be repeated is sent again, 0 to 10. Default: 2. */
  maxRetries?: number | undefined;
  /** Hears of a store of tokens that failed. Default: `console` does. */
  logger?: Logger | undefined;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call with an AbortError. */
  signal?: AbortSignal | undefined;
  /** In milliseconds; instead of the client's own. */
  timeoutMs?: number | undefined;
  /** 0 to 10; instead of the client's own. */
  maxRetries?: number | undefined;
  /** Sent along, such as a trace id; not those that the library sets itself. */
  headers?: Headers | Readonly<Record<string, string>> | undefined;
}

/** What a login takes: it is shared, and has the retries of the client. */
export type LoginOptions = Pick<CallOptions, 'signal' | 'timeoutMs'>;

/** What a call that makes an order takes. */
export interface CreateOptions extends CallOptions {
  /**
   * The `Idempotency-Key` to send: 1 to 255 visible ASCII characters, such as the id of your cart. Default: a new UUID
   * for every call. A gateway answers the same key and the same order with the first answer for 24 hours, so your own
   * key makes a call safe to repeat by yourself; on the public platform do not rely on it.
   */
  idempotencyKey?: string | undefined;
}

/** The options of one call, checked and complete. */
export interface CallSettings {
  signal: AbortSignal | undefined;
  timeoutMs: number;
  maxRetries: number;
  /** By name in lower case. */
  headers: Record<string, string>;
}

/** Options, checked and complete. */
export interface Settings {
  clientId: string;
  secret: string;
  /** Without a slash at its end. */
  baseUrl: string;
  timeoutMs: number;
  maxRetries: number;
  fetch: Fetch;
  cache: (owner: TokenOwner) => TokenStore;
  logger: Logger | undefined;
}

const HOSTS: Readonly<Record<Mode, string>> = {
  live: 'https://api.webpos.chainside.net',
  sandbox: 'https://api.sandbox.webpos.chainside.net',
};
const OWN_HEADERS = /^(x-api-version|accept|authorization|content-type|idempotency-key)$/;
const AN_OBJECT = 'an object';
// The longest that setTimeout can wait; beyond it, it fires at once.
export const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Checks the options of a client.
 *
 * @throws ConfigurationError that names the field, what it takes and what came; never the secret.
 */
export function parseClientOptions(options: ClientOptions): Settings {
  need(isObject(options), 'options', AN_OBJECT, options);
  const { mode, clientId, secret, baseUrl, http = {}, cache, maxRetries = 2, logger } = options;
  need(Object.hasOwn(HOSTS, mode), 'mode', '"live" or "sandbox"', mode);
  // RFC 7617: a colon ends the user name of an Authorization header.
  const isClientId = typeof clientId === 'string' && /^[^:]+$/.test(clientId);
  need(isClientId, 'clientId', 'a string that is not empty and holds no colon', clientId);
  need(isObject(http), 'http', AN_OBJECT, http);
  const { timeoutMs = 10_000, ...way } = http;
  // A way of its own may lead elsewhere.
  const kept = Object.values(way).some((own) => own !== undefined) ? undefined : processTokens;
  need(cache === undefined || typeof cache === 'function', 'cache', 'sharedTokens(store) of @webpos/sdk/cache', cache);
  need(
    logger === undefined || typeof (logger as Logger | null)?.warn === 'function',
    'logger',
    'an object with warn(message, error)',
    logger,
  );
  return {
    clientId,
    secret: parseSecret('secret', secret),
    baseUrl: baseUrl === undefined ? HOSTS[mode] : parseBaseUrl(baseUrl),
    timeoutMs: parseDuration('timeoutMs', timeoutMs),
    maxRetries: parseInteger('maxRetries', maxRetries, 0, 10),
    fetch: parseFetch(way),
    cache: cache ?? tokensIn(kept),
    logger,
  };
}

/** Checks the options of one call and fills in the client's own. */
export function parseCallOptions(options: CallOptions, settings: Settings): CallSettings {
  const { signal, timeoutMs = settings.timeoutMs, maxRetries = settings.maxRetries, headers } = options;
  return {
    signal: parseSignal(signal),
    timeoutMs: parseDuration('timeoutMs', timeoutMs),
    maxRetries: parseInteger('maxRetries', maxRetries, 0, 10),
    headers: headers === undefined ? {} : parseHeaders(headers),
  };
}

/** Checks a time in milliseconds. */
export function parseDuration(field: string, durationMs: unknown): number {
  return parseInteger(field, durationMs, 1, MAX_TIMEOUT_MS);
}

/** Checks the caller's way to end a call. */
export function parseSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  const isSignal = signal === undefined || typeof (signal as AbortSignal | null)?.addEventListener === 'function';
  need(isSignal, 'signal', 'an AbortSignal', signal);
  return signal;
}

/** Checks an Idempotency-Key, or makes one. */
export function parseIdempotencyKey(key: unknown = crypto.randomUUID()): string {
  // Visible ASCII is what a header carries unharmed.
  const isKey = typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key);
  need(isKey, 'idempotencyKey', '1 to 255 visible ASCII characters', key, 'something else');
  return key;
}

/** Checks a secret; its errors show the type of a wrong one and never its text. */
export function parseSecret(field: string, secret: unknown): string {
  if (typeof secret === 'string' && secret) return secret;
  // Not by `need`: what shows a value is then in no bundle of the callbacks alone.
  throw new ConfigurationError(field, 'a string that is not empty', secret === '' ? 'an empty one' : typeof secret);
}

/** Says what is wrong without showing the URL: a password may stand in it. */
function parseBaseUrl(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  let problem: string | undefined;
  if (url === undefined) problem = typeof text === 'string' ? 'a string that is not a URL' : show(text);
  else if (!/^https?:$/.test(url.protocol)) problem = `one with ${url.protocol}`;
  else if (url.username + url.password !== '') problem = 'one with a user name or password';
  else if (url.search + url.hash !== '') problem = 'one with a query or fragment';
  const isRight = url !== undefined && problem === undefined;
  need(isRight, 'baseUrl', 'an http or https URL without user name, query and fragment', url, problem);
  return url.href.replace(/\/+$/, '');
}

/** Checks a whole number. */
export function parseInteger(field: string, value: unknown, min: number, max: number): number {
  const isRight = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  need(isRight, field, `an integer from ${min} to ${max}`, value);
  return value as number;
}

function parseHeaders(given: CallOptions['headers']): Record<string, string> {
  const headers: Record<string, string> = {};
  try {
    new Headers(given).forEach((value, name) => (headers[name] = value));
  } catch {
    // Without the cause: it quotes the value.
    need(false, 'headers', 'names and texts that fit into headers', given, typeof given);
  }
  const own = Object.keys(headers).find((name) => OWN_HEADERS.test(name));
  need(own === undefined, 'headers', 'none that the library sets itself', own, own);
  return headers;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
