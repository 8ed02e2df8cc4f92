import type { Answered } from './answered.ts';
import type { ClientCredentialsLoginResponse } from './wire/index.ts';

type Login = Answered<ClientCredentialsLoginResponse>;

/** A token in use. Its generation says which login it came from. */
export interface Token {
  readonly accessToken: string;
  readonly generation: number;
}

interface HeldToken extends Token {
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
}

// A token is replaced in its last minute, or in the last fifth of a life shorter than five minutes.
const REFRESH_EARLY_MS = 60_000;
// After a refresh that failed, the old token is used on for a while before the next one.
const REFRESH_PAUSE_MS = 5_000;

/**
 * Holds the access token of one client. Its states: nothing yet; a token; a token and a login that will replace it.
 *
 * - One login at a time, shared by all who wait for it. It belongs to none of them: whoever gives up waiting does not
 *   end it for the others.
 * - A token near its end is still handed out while its replacement is fetched, so that no call waits for that.
 * - Every login has a number. What comes back late, from a login that began before its successor did, is not stored.
 */
export class TokenSource {
  readonly #logIn: () => Promise<Login>;
  readonly #now: () => number;
  #held: HeldToken | undefined;
  #pending: Promise<HeldToken & { login: Login }> | undefined;
  #generation = 0;

  constructor(logIn: () => Promise<Login>, now: () => number) {
    this.#logIn = logIn;
    this.#now = now;
  }

  /** The token to send now; logs in when there is none. */
  async get(): Promise<Token> {
    const held = this.#held;
    const nowMs = this.#now();
    if (held === undefined || nowMs >= held.expiresAtMs) return await this.#login();
    if (nowMs >= held.refreshAtMs) this.#refresh(held, nowMs);
    return held;
  }

  /** Logs in now, or joins the login that is under way. */
  async login(): Promise<Login> {
    return (await this.#login()).login;
  }

  /**
   * Says that the server refused a token. The next `get` logs in, unless that has happened since: of twenty calls
   * that were refused together, only the first does away with the token.
   */
  refused(token: Token): void {
    if (this.#held?.generation !== token.generation) return;
    this.#held = undefined;
    // A login that began before this refusal may bring a token that is refused as well.
    this.#generation += 1;
    this.#pending = undefined;
  }

  #refresh(held: HeldToken, nowMs: number): void {
    // Stored before the login begins: should it fail, nobody asks again for a while.
    this.#held = { ...held, refreshAtMs: nowMs + REFRESH_PAUSE_MS };
    this.#login().catch(() => undefined);
  }

  #login(): Promise<HeldToken & { login: Login }> {
    if (this.#pending !== undefined) return this.#pending;
    this.#generation += 1;
    const generation = this.#generation;
    const pending = this.#fetchToken(generation).finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
    // When all who waited have given up, nobody is left to hear of a failure.
    pending.catch(() => undefined);
    this.#pending = pending;
    return pending;
  }

  async #fetchToken(generation: number): Promise<HeldToken & { login: Login }> {
    // Counted from before the request, so that the time on the way shortens the life that we assume.
    const startedAtMs = this.#now();
    const login = await this.#logIn();
    const { access_token: accessToken, expires_in: lifeS } = login.data;
    const lifeMs = lifeS * 1000;
    const token = {
      accessToken,
      generation,
      refreshAtMs: startedAtMs + lifeMs - Math.min(REFRESH_EARLY_MS, lifeMs / 5),
      expiresAtMs: startedAtMs + lifeMs,
    };
    if (generation === this.#generation) this.#held = token;
    return { ...token, login };
  }
}
