import { safeCause } from '#runtime';
import { withDeadline } from '../http/deadline.ts';
import { redactor } from '../http/redact.ts';
import type { TokenOwner } from '../auth/token-owner.ts';
import type { TokenStore } from '../auth/token-store.ts';
import { Outage } from './outage.ts';
import { tokenFormat } from './token-format.ts';

/** A store that an application has: `redisStore`, a Keyv, the cache of a framework, a `Map`. */
export interface TokenCache {
  /** The value, or a promise of it; what is not one of ours stands for none. */
  get(key: string): unknown;
  /**
   * Keeps a value.
   *
   * @param ttlMs how long it is of use, in milliseconds.
   */
  set(key: string, value: string, ttlMs: number): unknown;
  /** Forgets a value: a token that was refused. */
  delete?(key: string): unknown;
  /** The same under the name that `cache-manager` has for it. */
  del?(key: string): unknown;
  /** Closes the connections that the store has opened by itself, until its next use; called by `client.close()`. */
  closeOpened?(): unknown;
}

// A cache that takes longer costs more than the login that it saves.
const TIMEOUT_MS = 1000;

/**
 * Keeps the tokens of clients in a store, so that all processes share one login. A store that fails, or hangs for more
 * than a second, is passed by: the client then logs in by itself. The `logger` of the client is told once each time that
 * the store goes down (`console`, where the client has none), and for ten seconds after a failure nobody waits for it.
 *
 * The key is `webpos:`, the client id and the base URL. The value holds the token and a MAC keyed with the secret: anyone who does not
 * know it is given no token, and cannot plant or change one. It does not hide the token from those who can read the store.
 *
 * @example
 * const cache = sharedTokens(redisStore({ hostname: 'redis.internal', password }));
 * const client = new Client({ mode: 'live', clientId, secret, cache, logger });
 * @example
 * new Client({ mode: 'live', clientId, secret, cache: sharedTokens(new Keyv(url)) });
 */
export function sharedTokens(cache: TokenCache): (owner: TokenOwner) => TokenStore {
  const outage = new Outage(() => performance.now());
  return (owner) => {
    const { baseUrl, clientId, secret, logger = console } = owner;
    // No client id holds a colon.
    const key = `webpos:${clientId}:${baseUrl}`;
    const attempt = async <T>(
      method: 'get' | 'set' | 'delete' | 'close',
      token: string,
      work: () => Promise<T>,
    ): Promise<T | undefined> => {
      try {
        const call = { method: `cache.${method}`, path: key };
        const answered = await withDeadline(call, { timeoutMs: TIMEOUT_MS }, async () => await work(), 'answer');
        outage.end();
        return answered;
      } catch (thrown) {
        const error = safeCause(thrown, redactor([secret, token]));
        // A logger that throws must be no outage either.
        if (outage.begin()) await warn(() => logger.warn(`@webpos/sdk: cache.${method} failed and is passed by`, error));
        return undefined;
      }
    };
    const format = tokenFormat(owner);
    let changes: Promise<unknown> = Promise.resolve();
    let isClosed = false;
    // One after another, so that a slow removal does not take away the token that came after it.
    const change: typeof attempt = (...of) => {
      // A call that was under way at the close must not open a connection again.
      if (isClosed) return Promise.resolve(undefined);
      const changed = changes.then(() => attempt(...of));
      changes = changed;
      return changed;
    };
    return {
      read: async () => {
        if (isClosed || !outage.mayAsk()) return undefined;
        return await attempt('get', '', async () => await format.read(await cache.get(key)));
      },
      write: (token) =>
        change('set', token.accessToken, async () => {
          const ttlMs = token.expiresAtMs - Date.now();
          // To some stores, a time of 0 means for ever.
          if (ttlMs >= 1) await cache.set(key, await format.write(token), ttlMs);
        }),
      remove: () =>
        change('delete', '', async () => {
          if (cache.delete !== undefined) await cache.delete(key);
          else if (cache.del !== undefined) await cache.del(key);
          else await cache.set(key, '', 1);
        }),
      close: () => {
        const closed = change('close', '', async () => await cache.closeOpened?.());
        isClosed = true;
        return closed;
      },
    };
  };
}

async function warn(report: () => unknown): Promise<void> {
  await Promise.resolve()
    .then(report)
    .catch(() => undefined);
}
