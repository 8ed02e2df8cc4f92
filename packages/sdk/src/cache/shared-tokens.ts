import { Deadline, withDeadline } from '../deadline.ts';
import { redactor, safeCause } from '../redact.ts';
import type { KeptToken, TokenOwner, TokenStore } from '../token-store.ts';

/** A store that an application has: a Keyv, the cache of a framework, a `Map`. It needs no `delete`. */
export interface TokenCache {
  /** The value, or a promise of it; anything but a string stands for none. */
  get(key: string): unknown;
  /**
   * Keeps a value.
   *
   * @param ttlMs how long it is of use, in milliseconds.
   */
  set(key: string, value: string, ttlMs: number): unknown;
}

/** Hears of what went wrong without an outage; `console` and the usual loggers are one. */
export interface Logger {
  /** Takes one warning, and the error that led to it. */
  warn(message: string, error?: unknown): unknown;
}

// A cache that takes longer costs more than the login that it saves.
const TIMEOUT_MS = 1000;

/**
 * Keeps the tokens of clients in a store, so that all processes share one login. A store that fails, or hangs for more
 * than a second, is told to the logger and passed by: the client then logs in by itself.
 *
 * The key is `webpos:`, the client id and the base URL. The value holds the token and 32 bits of a digest of the secret:
 * too few to find it by, enough that who does not know the secret is not given the token.
 *
 * @param options `logger` hears of a store that failed; default: nobody does.
 * @example
 * const client = new Client({ mode: 'live', clientId, secret, cache: sharedTokens(new Keyv(url), { logger: console }) });
 */
export function sharedTokens(cache: TokenCache, { logger }: { logger?: Logger } = {}): (owner: TokenOwner) => TokenStore {
  return ({ baseUrl, clientId, secret }) => {
    // No client id holds a colon.
    const key = `webpos:${clientId}:${baseUrl}`;
    const attempt = async <T>(method: 'get' | 'set', token: string, work: () => Promise<T>): Promise<T | undefined> => {
      const end = { method: `cache.${method}`, path: key, timeoutMs: TIMEOUT_MS };
      try {
        return await withDeadline(new Deadline(end), (deadline) => deadline.race(work));
      } catch (thrown) {
        const cause = safeCause(thrown, redactor([secret, token]));
        // A logger that throws must be no outage either.
        await Promise.resolve(cause)
          .then((error) => logger?.warn(`@webpos/sdk: cache.${method} failed and is passed by`, error))
          .catch(() => undefined);
        return undefined;
      }
    };
    return {
      read: () => attempt('get', '', async () => parse(await cache.get(key), await sealOf(clientId, secret))),
      write: (token) =>
        attempt('set', token.accessToken, async () => {
          const ttlMs = token.expiresAtMs - Date.now();
          // To some stores, a time of 0 means for ever.
          if (ttlMs >= 1) await cache.set(key, JSON.stringify({ ...token, seal: await sealOf(clientId, secret) }), ttlMs);
        }),
    };
  };
}

async function sealOf(clientId: string, secret: string): Promise<number | undefined> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${clientId}:${secret}`));
  return new Uint32Array(digest)[0];
}

/** Reads what may be anybody's, without an error: that would quote a token. */
function parse(value: unknown, seal: number | undefined): KeptToken | undefined {
  const found = parseJson(value);
  const { accessToken, refreshAtMs, expiresAtMs, honoursKeys } = found;
  if (found.seal !== seal || typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) return undefined;
  return { accessToken, refreshAtMs: Number(refreshAtMs), expiresAtMs: Number(expiresAtMs), honoursKeys: honoursKeys === true };
}

function parseJson(value: unknown): Partial<KeptToken & { seal: number }> {
  try {
    const found: unknown = typeof value === 'string' ? JSON.parse(value) : undefined;
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
