import { show } from './check.ts';
import { processTokens, tokensIn, type TokenOwner, type TokenStore } from './token-store.ts';
import { ConfigurationError } from './errors/index.ts';
import type { Logger } from './logger.ts';

/** Which of the platform's two worlds a client talks to: `live` moves real bitcoin, `sandbox` does not. */
export type Mode = 'live' | 'sandbox';

/** The part of the standard `fetch` that this library uses. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

/** What {@link Fetch} is called with. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  redirect: 'manual';
}

/** What {@link Fetch} answers; every `Response` is one. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Where it is there, no more than 1 MiB of it is read. */
  readonly body?: AnswerBody | null;
  text(): Promise<string>;
}

/** The part of a `Headers` object that this library uses. */
export interface AnswerHeaders {
  /** The value of a header, in any letter case; null when it is missing. */
  get(name: string): string | null;
}

/** The part of a `ReadableStream` that this library uses. */
export interface AnswerBody {
  /** Takes the stream, so that this library alone reads it. */
  getReader(): AnswerReader;
}

/** The part of a stream's reader that this library uses. */
export interface AnswerReader {
  /** The next bytes; without a value at the end. */
  read(): Promise<{ value?: Uint8Array | undefined }>;
  /** Ends the reading early. */
  cancel(): Promise<void>;
}

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
  /** The time of a whole call in milliseconds: login, tries, waits and body. Default: 10000. */
  timeoutMs?: number | undefined;
  /** Used instead of the global `fetch`: for a proxy, for tests. */
  fetch?: Fetch | undefined;
  /**
   * Where the token is kept, to be shared among processes: what `sharedTokens` of `@webpos/sdk/cache` makes of a Redis, or
   * of any store that you have.
   * Default: the memory of this process, for all clients with the same base URL, client id and secret; a client with a
   * `fetch` of its own, which may lead elsewhere, keeps its token for itself.
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
const OWN_HEADERS = ['x-api-version', 'accept', 'authorization', 'content-type', 'idempotency-key'];
// The longest that setTimeout can wait; beyond it, it fires at once.
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Checks the options of a client.
 *
 * @throws ConfigurationError that names the field, what it takes and what came; never the secret.
 */
export function parseClientOptions(options: ClientOptions): Settings {
  if (typeof options !== 'object' || options === null) throw new ConfigurationError('options', 'an object', show(options));
  if (options.mode !== 'live' && options.mode !== 'sandbox') {
    throw new ConfigurationError('mode', '"live" or "sandbox"', show(options.mode));
  }
  return {
    clientId: parseClientId(options.clientId),
    secret: parseSecret('secret', options.secret),
    baseUrl: options.baseUrl === undefined ? HOSTS[options.mode] : parseBaseUrl(options.baseUrl),
    timeoutMs: parseDuration('timeoutMs', options.timeoutMs ?? 10_000),
    maxRetries: parseInteger('maxRetries', options.maxRetries ?? 2, 0, 10),
    fetch: parseFetch(options.fetch),
    cache: parseCache(options),
    logger: parseLogger(options.logger),
  };
}

/** Checks the options of one call and fills in the client's own. */
export function parseCallOptions(options: CallOptions, settings: Settings): CallSettings {
  return {
    signal: parseSignal(options.signal),
    timeoutMs: parseDuration('timeoutMs', options.timeoutMs ?? settings.timeoutMs),
    maxRetries: parseInteger('maxRetries', options.maxRetries ?? settings.maxRetries, 0, 10),
    headers: parseHeaders(options.headers),
  };
}

/** Checks a time in milliseconds. */
export function parseDuration(field: string, durationMs: unknown): number {
  return parseInteger(field, durationMs, 1, MAX_TIMEOUT_MS);
}

/** Checks the caller's way to end a call. */
export function parseSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || typeof (signal as Partial<AbortSignal> | null)?.addEventListener === 'function') return signal;
  throw new ConfigurationError('signal', 'an AbortSignal', show(signal));
}

/** Checks an Idempotency-Key, or makes one. */
export function parseIdempotencyKey(key: unknown): string {
  if (key === undefined) return crypto.randomUUID();
  // Visible ASCII is what a header carries unharmed.
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new ConfigurationError('idempotencyKey', '1 to 255 visible ASCII characters', 'something else');
}

/** Checks a secret; its errors show the type of a wrong one and never its text. */
export function parseSecret(field: string, secret: unknown): string {
  if (typeof secret === 'string' && secret !== '') return secret;
  throw new ConfigurationError(field, 'a string that is not empty', secret === '' ? 'an empty one' : typeof secret);
}

function parseClientId(clientId: unknown): string {
  // RFC 7617: a colon ends the user name of an Authorization header.
  if (typeof clientId === 'string' && clientId !== '' && !clientId.includes(':')) return clientId;
  throw new ConfigurationError('clientId', 'a string that is not empty and holds no colon', show(clientId));
}

function parseBaseUrl(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw wrongBaseUrl(typeof text === 'string' ? 'a string that is not a URL' : show(text));
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrongBaseUrl(`one with ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw wrongBaseUrl('one with a user name or password');
  if (url.search !== '' || url.hash !== '') throw wrongBaseUrl('one with a query or fragment');
  return url.href.replace(/\/+$/, '');
}

/** Says what is wrong without showing the URL: a password may stand in it. */
function wrongBaseUrl(got: string): ConfigurationError {
  return new ConfigurationError('baseUrl', 'an http or https URL without user name, query and fragment', got);
}

function parseInteger(field: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new ConfigurationError(field, `an integer from ${min} to ${max}`, show(value));
}

function parseHeaders(given: CallOptions['headers']): Record<string, string> {
  const headers: Record<string, string> = {};
  try {
    new Headers(given).forEach((value, name) => (headers[name] = value));
  } catch {
    // Without the cause: it quotes the value.
    throw new ConfigurationError('headers', 'names and texts that fit into headers', typeof given);
  }
  const own = Object.keys(headers).find((name) => OWN_HEADERS.includes(name));
  if (own === undefined) return headers;
  throw new ConfigurationError('headers', 'none that the library sets itself', own);
}

function parseCache({ fetch, cache = tokensIn(fetch ? undefined : processTokens) }: ClientOptions): Settings['cache'] {
  if (typeof cache === 'function') return cache;
  throw new ConfigurationError('cache', 'sharedTokens(store) of @webpos/sdk/cache', show(cache));
}

function parseFetch(own: unknown): Fetch {
  if (typeof own === 'function') return own as Fetch;
  if (own !== undefined) throw new ConfigurationError('fetch', 'a function', show(own));
  // Looked up at every call, so that a test which replaces the global is heard; and called bare, as browsers demand.
  return (url, init) => globalThis.fetch(url, init);
}

function parseLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined || typeof (logger as Partial<Logger> | null)?.warn === 'function') return logger;
  throw new ConfigurationError('logger', 'an object with warn(message, error)', show(logger));
}
