import type { Answered } from './answered.ts';
import type { KeptToken, TokenStore } from './token-store.ts';
import type { ClientCredentialsLoginResponse } from './wire/index.ts';

type Login = Answered<ClientCredentialsLoginResponse>;

// A token is replaced in its last minute, or in the last fifth of a life shorter than five minutes.
const REFRESH_EARLY_MS = 60_000;
// After a refresh that failed, the old token is used on for a while before the next one.
const REFRESH_PAUSE_MS = 5_000;

/**
 * Holds the access token of one client. Its states: nothing yet; a token; a token and a search for its successor, which
 * looks into the store first, where another client may have put one, and logs in else.
 *
 * - One login at a time, shared by all who wait for it. It belongs to none of them: whoever gives up waiting does not
 *   end it for the others.
 * - A token near its end is still handed out while its replacement is fetched, so that no call waits for that.
 * - What comes back late, from a search or a login that began before a token was refused, is not kept.
 */
export class TokenSource {
  readonly #logIn: () => Promise<Login>;
  readonly #store: TokenStore;
  readonly #now: () => number;
  #held: KeptToken | undefined;
  readonly #search: SharedWork<KeptToken> = sharedWork(() => this.#readOrLogIn());
  readonly #login: SharedWork<Login> = sharedWork(() => this.#fetchToken());
  #refused: string | undefined;

  constructor(logIn: () => Promise<Login>, store: TokenStore, now: () => number) {
    this.#logIn = logIn;
    this.#store = store;
    this.#now = now;
  }

  /** The token to send now; logs in when there is none. */
  async get(): Promise<KeptToken> {
    const held = this.#held;
    const nowMs = this.#now();
    if (held === undefined || nowMs >= held.expiresAtMs) return await this.#search.join();
    if (nowMs >= held.refreshAtMs) {
      // Stored before the search begins: should it fail, nobody asks again for a while.
      this.#held = { ...held, refreshAtMs: nowMs + REFRESH_PAUSE_MS };
      this.#search.join().catch(() => undefined);
    }
    return held;
  }

  /** Logs in now, or joins the login that is under way. */
  login(): Promise<Login> {
    return this.#login.join();
  }

  /**
   * Says that the server refused a token. The next `get` finds another, unless that has happened since: of twenty
   * calls that were refused together, only the first does away with the token.
   */
  refused({ accessToken }: KeptToken): void {
    if (this.#held?.accessToken !== accessToken) return;
    this.#refused = accessToken;
    // What began before this refusal may bring a token that is refused as well.
    this.#held = undefined;
    this.#search.leave();
    this.#login.leave();
  }

  async #readOrLogIn(): Promise<KeptToken> {
    const refused = this.#refused;
    let found = await this.#store.read();
    if (found !== undefined && found.accessToken === this.#refused) {
      found = undefined;
      // No other process is to take it, even when the login fails that would put another in its place.
      void this.#store.remove();
    }
    // A token in its last minute is passed over, so that the search which a refresh begins finds a newer one.
    if (found === undefined || !(this.#now() < found.refreshAtMs)) {
      try {
        return toToken(await this.login(), this.#now());
      } catch (error) {
        if (found === undefined || !(this.#now() < found.expiresAtMs)) throw error;
        // It is good for a while yet.
        found = { ...found, refreshAtMs: this.#now() + REFRESH_PAUSE_MS };
      }
    }
    if (refused === this.#refused) this.#held = found;
    return found;
  }

  async #fetchToken(): Promise<Login> {
    // Counted from before the request, so that the time on the way shortens the life that we assume.
    const startedAtMs = this.#now();
    const refused = this.#refused;
    const login = await this.#logIn();
    if (refused !== this.#refused) return login;
    const token = toToken(login, startedAtMs);
    this.#held = token;
    void this.#store.write(token);
    return login;
  }
}

function toToken({ data, answer }: Login, startedAtMs: number): KeptToken {
  const lifeMs = data.expires_in * 1000;
  return {
    accessToken: data.access_token,
    refreshAtMs: startedAtMs + lifeMs - Math.min(REFRESH_EARLY_MS, lifeMs / 5),
    expiresAtMs: startedAtMs + lifeMs,
    honoursKeys: answer.headers.get('idempotency-key-honoured') === 'true',
  };
}

interface SharedWork<T> {
  /** Begins the work, or joins it while it is under way. */
  join(): Promise<T>;
  /** Lets the next who joins begin anew. */
  leave(): void;
}

function sharedWork<T>(work: () => Promise<T>): SharedWork<T> {
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
