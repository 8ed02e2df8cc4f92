import { HTTP_RULES, parseFetch } from '#platform';
import { checkLiveUrl, RUNTIME_RULES, observer, userAgent, withEnvironment } from '#runtime';
import { checkOptions } from '../checks/check-options.ts';
import type { TokenOwner } from '../auth/token-owner.ts';
import { memoryTokenStore, processTokens, type TokenStore } from '../auth/token-store.ts';
import type { Fetch } from '../http/fetch.ts';
import { parseHeaders } from './headers.ts';
import type { HttpOptions } from './http-options.ts';
import type { Logger } from './logger.ts';
import type { Hooks } from '../observe/hooks.ts';
import type { Observe } from '../observe/watch.ts';
import type { AppInfo } from '../runtime/environment.ts';
import {
  describeType,
  describeValue,
  isNonEmptyString,
  mergeRules,
  NON_EMPTY_STRING,
  OBJECT_RULE,
  type Rules,
} from '../checks/value-rules.ts';
import { RETRIES_RULE } from './call-options.ts';

/** Whether a client moves real bitcoin (`live`) or not (`sandbox`). */
export type Mode = 'live' | 'sandbox';

/** How to reach the gateway, and as whom. */
export interface ClientOptions extends Hooks {
  /** `live` or `sandbox`; a gateway of the other mode is refused. Default: on servers, the environment variable `WEBPOS_MODE`. */
  mode?: Mode | undefined;
  /** The client id of the POS. Default: on servers, the environment variable `WEBPOS_CLIENT_ID`. */
  clientId?: string | undefined;
  /** The secret of the POS. Default: on servers, the environment variable `WEBPOS_SECRET`. */
  secret?: string | undefined;
  /**
   * The base URL of a self-hosted gateway, such as `https://pay.example.com`; in live mode, http only to this machine. Default:
   * on servers, the environment variable `WEBPOS_URL`; otherwise the public platform of the mode.
   */
  baseUrl?: string | undefined;
  /** How requests are sent. Default: by the global `fetch`. */
  http?: HttpOptions | undefined;
  /**
   * Where to store the token so that processes share it: `sharedTokens` of `@webpos/sdk/cache`, over a Redis or a store of your
   * own. Default: the memory of this process, shared by all clients with the same base URL, client id and secret. A client with
   * options in `http` that may lead elsewhere keeps its token to itself.
   */
  cache?: ((owner: TokenOwner) => TokenStore) | undefined;
  /** The maximum number of retries of a failed request that can be repeated, 0 to 10. Default: 2. */
  maxRetries?: number | undefined;
  /** Adds your application to the User-Agent, if the runtime allows setting it. */
  appInfo?: AppInfo | undefined;
  /** Logs the failures of a token store or a hook. Default: `console`. */
  logger?: Logger | undefined;
}

/** Options, checked and complete. */
export interface Settings {
  mode: Mode;
  /** The headers of every request, by lower-case name. */
  headers: Readonly<Record<string, string>>;
  /** Those of `headers` that the application set. */
  ownHeaders: Readonly<Record<string, string>>;
  clientId: string;
  secret: string;
  /** Without a trailing slash. */
  baseUrl: string;
  timeoutMs: number;
  maxRetries: number;
  fetch: Fetch;
  cache: (owner: TokenOwner) => TokenStore;
  logger: Logger | undefined;
  observe: Observe;
}

const CLIENT_RULES: Rules<ClientOptions> = /* @__PURE__ */ mergeRules(
  {
    mode: [(mode) => mode === 'live' || mode === 'sandbox', '"live" or "sandbox"', describeValue, true],
    // RFC 7617: a colon ends the user name in an Authorization header.
    clientId: [(id) => typeof id === 'string' && /^[^:]+$/.test(id), 'a non-empty string without a colon', describeValue, true],
    secret: [isNonEmptyString, NON_EMPTY_STRING, describeType, true],
    http: OBJECT_RULE,
    maxRetries: RETRIES_RULE,
  },
  RUNTIME_RULES,
);

/** The options that a client requires. */
interface RequiredOptions {
  mode: Mode;
  clientId: string;
  secret: string;
  baseUrl?: string;
}

/**
 * Checks the options of a client.
 *
 * @throws ConfigurationError naming the option, what it takes and what it got; never the secret.
 */
export function parseClientOptions(options: ClientOptions): Settings {
  const given = withEnvironment(options);
  checkOptions(given, CLIENT_RULES);
  const { cache, maxRetries = 2, logger, appInfo, http = {} } = given;
  const { mode, clientId, secret, baseUrl = platformUrl(mode) } = given as RequiredOptions;
  checkOptions(http, HTTP_RULES);
  const url = new URL(baseUrl);
  checkLiveUrl(mode, url);
  const { timeoutMs = 10_000, ...route } = http;
  const ownHeaders = route.headers ? parseHeaders(route.headers) : {};
  // Such a client may reach another gateway.
  const hasOwnRoute = Object.values(route).some((option) => option !== undefined);
  return {
    mode,
    clientId,
    secret,
    baseUrl: url.href.replace(/\/+$/, ''),
    timeoutMs,
    maxRetries,
    fetch: parseFetch(route),
    cache: cache ?? memoryTokenStore(hasOwnRoute ? undefined : processTokens),
    headers: { ...userAgent(appInfo), ...ownHeaders },
    ownHeaders,
    logger,
    observe: observer(options, baseUrl),
  };
}

/** Returns the base URL of the public platform. */
function platformUrl(mode: Mode): string {
  return `https://api.${mode === 'live' ? '' : 'sandbox.'}webpos.chainside.net`;
}
