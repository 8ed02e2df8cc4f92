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

/** Which of the platform's two worlds a client talks to: `live` moves real bitcoin, `sandbox` does not. */
export type Mode = 'live' | 'sandbox';

/** How to reach the gateway, and as whom. */
export interface ClientOptions extends Hooks {
  /** `live` or `sandbox`; a gateway of the other mode is refused. Default, on servers: the environment's `WEBPOS_MODE`. */
  mode?: Mode | undefined;
  /** The client id of the POS. Default, on servers: `WEBPOS_CLIENT_ID`. */
  clientId?: string | undefined;
  /** The secret of the POS. Default, on servers: `WEBPOS_SECRET`. */
  secret?: string | undefined;
  /**
   * Where a self-hosted gateway is, such as `https://pay.example.com`; http in live mode only on this machine. Default: on servers `WEBPOS_URL`, else
   * the public platform's host for the mode.
   */
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
  /** Names your application in the User-Agent, where the runtime lets one be set. */
  appInfo?: AppInfo | undefined;
  /** Hears of a store of tokens, or of a hook, that failed. Default: `console` does. */
  logger?: Logger | undefined;
}

/** Options, checked and complete. */
export interface Settings {
  mode: Mode;
  /** Of every request, by name in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Those of them that the application has set. */
  ownHeaders: Readonly<Record<string, string>>;
  clientId: string;
  secret: string;
  /** Without a slash at its end. */
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
    // RFC 7617: a colon ends the user name of an Authorization header.
    clientId: [
      (id) => typeof id === 'string' && /^[^:]+$/.test(id),
      'a string that is not empty and holds no colon',
      describeValue,
      true,
    ],
    secret: [isNonEmptyString, NON_EMPTY_STRING, describeType, true],
    http: OBJECT_RULE,
    maxRetries: RETRIES_RULE,
  },
  RUNTIME_RULES,
);

/** Those without which there is no client. */
interface RequiredOptions {
  mode: Mode;
  clientId: string;
  secret: string;
  baseUrl?: string;
}

/**
 * Checks the options of a client.
 *
 * @throws ConfigurationError that names the field, what it takes and what came; never the secret.
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
  // A route of its own may lead to another gateway.
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

/** Where the public platform is. */
function platformUrl(mode: Mode): string {
  return `https://api.${mode === 'live' ? '' : 'sandbox.'}webpos.chainside.net`;
}
