import { safeCause } from '#runtime';
import { withDeadline } from '../http/deadline.ts';
import { redactor } from '../http/redact.ts';
import type { TokenOwner } from '../auth/token-owner.ts';
import type { TokenStore } from '../auth/token-store.ts';
import { Outage } from './outage.ts';
import { tokenFormat } from './token-format.ts';

/** A store of the application: `redisStore`, a Keyv, the cache of a framework, a `Map`. */
export interface TokenCache {
  /** Returns the value, or a promise of it; anything that this library did not write counts as none. */
  get(key: string): unknown;
  /**
   * Stores a value.
   *
   * @param ttlMs how long it is valid, in milliseconds.
   */
  set(key: string, value: string, ttlMs: number): unknown;
  /** Deletes a value: a token that was refused. */
  delete?(key: string): unknown;
  /** The same, under the name that `cache-manager` uses. */
  del?(key: string): unknown;
  /** Closes the connections that the store opened itself, until its next use; called by `client.close()`. */
  closeOpened?(): unknown;
}

// Waiting longer would cost more than the login that the cache saves.
const TIMEOUT_MS = 1000;

/**
 * Stores the tokens of clients, so that all processes share one login. If the store fails, or hangs for more than a second, the
 * client logs in itself. Each outage is logged once, to the `logger` of the client or else to `console`, and for ten seconds
 * after a failure no call waits for the store.
 *
 * The key is `webpos:`, the client id and the base URL. The value holds the token and a MAC keyed with the secret: a client
 * without the secret gets no token, and can neither plant nor change one. The token is not hidden from anyone who can read the
 * store.
 *
 * @returns the value of the client's option `cache`.
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
    // Unambiguous, because no client id contains a colon.
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
        // A logger that throws must not fail the call.
        if (outage.begin())
          await warn(() => logger.warn(`@webpos/sdk: cache.${method} failed: continuing without the cache`, error));
        return undefined;
      }
    };
    const format = tokenFormat(owner);
    let changes: Promise<unknown> = Promise.resolve();
    let isClosed = false;
    // One after the other, so that a slow removal does not delete the token written after it.
    const change: typeof attempt = (...of) => {
      // A call under way at `close` must not reopen a connection.
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
          // To some stores, a time of 0 means forever.
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
