import type { WithAnswer } from '../http/with-answer.ts';
import type { WebposError } from '../errors/index.ts';
import type { CachedToken, TokenStore } from './token-store.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';

type Login = WithAnswer<ClientCredentialsLoginResponse>;

// How long before its expiry a token is replaced: a minute, or a fifth of its life if that is shorter.
const REFRESH_EARLY_MS = 60_000;
// How long a failed refresh is not repeated; the old token stays in use.
const REFRESH_PAUSE_MS = 5_000;

/**
 * Holds the access token of one client. It has either no token, or a token, or a token whose replacement is being fetched: from
 * the store, where another client may have put one, or else by a login.
 *
 * - There is one login at a time, shared by all callers that need it. It belongs to none of them: a caller that gives up does
 *   not end it.
 * - A token that is about to expire is handed out while its replacement is fetched, so that no call waits.
 * - The result of a read or a login that began before a token was refused is discarded.
 */
export interface TokenSource {
  /** Returns the token to send; logs in without one. */
  get(): CachedToken | Promise<CachedToken>;
  /** Logs in, or joins the login under way. */
  login(): Promise<Login>;
  /**
   * Reports that the server refused a token, so that the next `get` finds another. If twenty calls are refused together, only the
   * first report discards the token.
   */
  refused(token: CachedToken): void;
}

/** Makes a token source without a token. */
export function createTokenSource(logIn: () => Promise<Login>, store: TokenStore, now: () => number): TokenSource {
  let held: CachedToken | undefined;
  let refused: string | undefined;

  const search = shareTask(async (): Promise<CachedToken> => {
    const refusedBefore = refused;
    let found = await store.read();
    if (found && found.accessToken === refused) {
      found = undefined;
      // Removed even if the login then fails, so that no other process takes it.
      void store.remove();
    }
    // A token due for a refresh is skipped, so that the refresh finds a newer one.
    if (!found || !(now() < found.refreshAtMs)) {
      try {
        return (await login.join()).token;
      } catch (error) {
        found = postponed(found, error as WebposError, now());
      }
    }
    if (refusedBefore === refused) held = found;
    return found;
  });

  const login = shareTask(async () => {
    // Counted from before the request: the time in transit must not lengthen the token's life.
    const startedAtMs = now();
    const refusedBefore = refused;
    const answered = await logIn();
    const token = toCachedToken(answered, startedAtMs);
    if (refusedBefore === refused) {
      held = token;
      void store.write(token);
    }
    return { answered, token };
  });

  return {
    get: () => {
      const token = held;
      const nowMs = now();
      if (!token || nowMs >= token.expiresAtMs) return search.join();
      if (nowMs >= token.refreshAtMs) {
        // Set before the refresh begins, so that if it fails, it is not repeated for a while.
        held = { ...token, refreshAtMs: nowMs + REFRESH_PAUSE_MS };
        search.join().catch(() => undefined);
      }
      return token;
    },
    login: async () => (await login.join()).answered,
    refused: ({ accessToken }) => {
      if (held?.accessToken !== accessToken) return;
      refused = accessToken;
      // What began before this refusal may return a token that is refused too.
      held = undefined;
      search.leave();
      login.leave();
    },
  };
}

/** Keeps a token that is valid for a while after its refresh failed. @throws the failure if it is not. */
function postponed(token: CachedToken | undefined, failure: WebposError, nowMs: number): CachedToken {
  if (!token || !(nowMs < token.expiresAtMs)) throw failure;
  return { ...token, refreshAtMs: nowMs + Math.max(REFRESH_PAUSE_MS, failure.retryAfterMs ?? 0) };
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
  /** Starts the task, or joins it while it runs. */
  join(): Promise<T>;
  /** Makes the next `join` start anew. */
  leave(): void;
}

function shareTask<T>(work: () => Promise<T>): SharedTask<T> {
  let underWay: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    const begun = work().finally(() => {
      if (underWay === begun) underWay = undefined;
    });
    // If all callers have given up, nobody handles the failure.
    begun.catch(() => undefined);
    return begun;
  };
  return { join: () => (underWay ??= begin()), leave: () => (underWay = undefined) };
}
