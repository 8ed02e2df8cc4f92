import type { Answered } from './answered.ts';
import { type Call, loginCall } from './calls.ts';
import { Deadline, withDeadline } from './deadline.ts';
import { isWebposError, UnexpectedAnswerError } from './errors/index.ts';
import { type CallOptions, parseCallOptions, type Settings } from './options.ts';
import { TokenSource } from './token.ts';
import type { KeptToken } from './token-store.ts';
import { type Authorization, type Chance, Transport } from './transport.ts';
import type { ClientCredentialsLoginResponse } from './wire/index.ts';

/** Sends calls as one client: logs in when there is need, and once more when the server refuses the token. */
export class Session {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #tokens: TokenSource;

  constructor(settings: Settings, chance: Chance) {
    this.#settings = settings;
    this.#transport = new Transport(settings, chance);
    this.#tokens = new TokenSource(() => this.#logIn(), settings.cache(settings), chance.now);
  }

  /** Logs in now, or joins the login that is under way. */
  async login(options: CallOptions): Promise<Answered<ClientCredentialsLoginResponse>> {
    const { signal, timeoutMs } = parseCallOptions(options, this.#settings);
    return await withDeadline(new Deadline({ ...loginCall(), timeoutMs, signal }), (deadline) =>
      deadline.race(() => this.#tokens.login()),
    );
  }

  /** Sends a call with a token. One deadline covers all of it. */
  async send<T>(call: Call<T>, options: CallOptions): Promise<Answered<T>> {
    const { signal, timeoutMs, ...rest } = parseCallOptions(options, this.#settings);
    return await withDeadline(new Deadline({ ...call, timeoutMs, signal }), async (deadline) => {
      for (let mayLogInAgain = true; ; mayLogInAgain = false) {
        const token = await deadline.race(() => this.#tokens.get());
        const repeatable = call.repeatable || (call.idempotencyKey !== undefined && token.honoursKeys === true);
        try {
          return await this.#transport.send(call, { ...rest, authorization: bearer(token), deadline, repeatable });
        } catch (error) {
          // Once: a server that refuses a token it has just issued will go on doing so.
          if (!mayLogInAgain || !isTokenRefused(error)) throw error;
          this.#tokens.refused(token);
        }
      }
    });
  }

  /** The shared login has the client's own time, not that of any one who waits for it. */
  async #logIn(): Promise<Answered<ClientCredentialsLoginResponse>> {
    const { clientId, secret, timeoutMs, maxRetries } = this.#settings;
    const call = loginCall();
    const authorization = { scheme: 'Basic', credentials: base64(`${clientId}:${secret}`) } as const;
    const answered = await withDeadline(new Deadline({ ...call, timeoutMs }), (deadline) =>
      this.#transport.send(call, { authorization, deadline, maxRetries, headers: {}, repeatable: true }),
    );
    // Refused here, since `fetch` quotes the header that it cannot send.
    if (!/^[\x21-\x7e]+$/.test(answered.data.access_token)) {
      const { method, path } = call;
      throw new UnexpectedAnswerError(`${method} ${path}: the access token does not fit into a header`, {
        method,
        path,
        status: 200,
      });
    }
    return answered;
  }
}

function isTokenRefused(error: unknown): boolean {
  return isWebposError(error) && /^100[47]$/.test(error.errorCode ?? '');
}

function bearer({ accessToken }: KeptToken): Authorization {
  return { scheme: 'Bearer', credentials: accessToken };
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
