import type { WithAnswer } from '../http/with-answer.ts';
import type { WebposError } from '../errors/index.ts';
import type { CachedToken, TokenStore } from './token-store.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';

type Login = WithAnswer<ClientCredentialsLoginResponse>;

// A token is replaced in its last minute, or in the last fifth of a life shorter than five minutes.
const REFRESH_EARLY_MS = 60_000;
// After a refresh that failed, the old token is used on for a while before the next one.
const REFRESH_PAUSE_MS = 5_000;

/**
 * Holds the access token of one client. Its states: nothing yet; a token; a token and a search for its successor, which
 * looks into the store first, where another client may have put one, and logs in else.
 *
 * - One login at a time, shared by all who wait for it. It belongs to none of them: anyone who gives up waiting does not
 *   end it for the others.
 * - A token near its end is still handed out while its replacement is fetched, so that no call waits for that.
 * - What comes back late, from a search or a login that began before a token was refused, is not kept.
 */
export interface TokenSource {
  /** The token to send now; logs in when none exists. */
  get(): CachedToken | Promise<CachedToken>;
  /** Logs in now, or joins the login that is under way. */
  login(): Promise<Login>;
  /**
   * Says that the server refused a token. The next `get` finds another, unless that has happened since: of twenty
   * calls that were refused together, only the first does away with the token.
   */
  refused(token: CachedToken): void;
}

/** Makes a source of tokens that has none yet. */
export function createTokenSource(logIn: () => Promise<Login>, store: TokenStore, now: () => number): TokenSource {
  let held: CachedToken | undefined;
  let refused: string | undefined;

  const search = shareTask(async (): Promise<CachedToken> => {
    const refusedBefore = refused;
    let found = await store.read();
    if (found && found.accessToken === refused) {
      found = undefined;
      // No other process is to take it, even when the login fails that would put another in its place.
      void store.remove();
    }
    // A token in its last minute is passed over, so that the search which a refresh begins finds a newer one.
    if (!found || !(now() < found.refreshAtMs)) {
      try {
        return toCachedToken(await login.join(), now());
      } catch (error) {
        if (!found || !(now() < found.expiresAtMs)) throw error;
        // It is good for a while yet.
        const { retryAfterMs = 0 } = error as WebposError;
        found = { ...found, refreshAtMs: now() + Math.max(REFRESH_PAUSE_MS, retryAfterMs) };
      }
    }
    if (refusedBefore === refused) held = found;
    return found;
  });

  const login = shareTask(async () => {
    // Counted from before the request, so that the time on the way shortens the life that we assume.
    const startedAtMs = now();
    const refusedBefore = refused;
    const answered = await logIn();
    if (refusedBefore === refused) {
      held = toCachedToken(answered, startedAtMs);
      void store.write(held);
    }
    return answered;
  });

  return {
    get: () => {
      const token = held;
      const nowMs = now();
      if (!token || nowMs >= token.expiresAtMs) return search.join();
      if (nowMs >= token.refreshAtMs) {
        // Stored before the search begins: should it fail, nobody asks again for a while.
        held = { ...token, refreshAtMs: nowMs + REFRESH_PAUSE_MS };
        search.join().catch(() => undefined);
      }
      return token;
    },
    login: () => login.join(),
    refused: ({ accessToken }) => {
      if (held?.accessToken !== accessToken) return;
      refused = accessToken;
      // What began before this refusal may bring a token that is refused as well.
      held = undefined;
      search.leave();
      login.leave();
    },
  };
}

function toCachedToken({ data, answer }: Login, startedAtMs: number): CachedToken {
  const lifeMs = data.expires_in * 1000;
  return {
    accessToken: data.access_token,
    refreshAtMs: startedAtMs + lifeMs - Math.min(REFRESH_EARLY_MS, lifeMs / 5),
    expiresAtMs: startedAtMs + lifeMs,
    honoursKeys: answer.headers.get('idempotency-key-honoured') === 'true',
  };
}

interface SharedTask<T> {
  /** Begins the work, or joins it while it is under way. */
  join(): Promise<T>;
  /** Lets the next who joins begin anew. */
  leave(): void;
}

function shareTask<T>(work: () => Promise<T>): SharedTask<T> {
  let underWay: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    const begun = work().finally(() => {
      if (underWay === begun) underWay = undefined;
    });
    // When all who waited have given up, nobody is left to hear of a failure.
    begun.catch(() => undefined);
    return begun;
  };
  return { join: () => (underWay ??= begin()), leave: () => (underWay = undefined) };
}
