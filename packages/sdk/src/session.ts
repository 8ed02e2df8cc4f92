import type { Answered } from './answered.ts';
import { type Call, LOGIN } from './calls.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { isWebposError, UnexpectedAnswerError } from './errors/index.ts';
import { type CallOptions, type CallSettings, parseCallOptions, type Settings } from './options.ts';
import { tokenSource } from './token.ts';
import { type Chance, transmit } from './transport.ts';
import type { ClientCredentialsLoginResponse } from './wire/index.ts';

/** Sends calls as one client: logs in when there is need, and once more when the server refuses the token. */
export interface Session {
  /** Whether URLs may be http: a sandbox on the same machine has no certificate. */
  readonly allowHttp: boolean;
  /** Logs in now, or joins the login that is under way. */
  login(options: CallOptions): Promise<Answered<ClientCredentialsLoginResponse>>;
  /** Sends a call with a token. One deadline covers all of it. */
  send<T>(call: Call<T>, options: CallOptions): Promise<Answered<T>>;
}

/**
 * Where a client shows its session to the other entries of this package. A registered symbol: two copies of the package in one
 * program still find it.
 */
export const SESSION: symbol = Symbol.for('@webpos/sdk/session');

/** Makes the session of a client. */
export function sessionOf(settings: Settings, chance: Chance): Session {
  const { clientId, secret, cache } = settings;

  /** The shared login has the client's own time, not that of any one who waits for it. */
  const logIn = async (): Promise<Answered<ClientCredentialsLoginResponse>> => {
    const bytes = new TextEncoder().encode(`${clientId}:${secret}`);
    const authorization = `Basic ${btoa(String.fromCodePoint(...bytes))}`;
    const answered = await withDeadline(LOGIN, settings, (deadline) =>
      transmit(settings, chance, LOGIN, { ...settings, authorization, headers: {}, repeatable: true }, deadline),
    );
    // Refused here, since `fetch` quotes the header that it cannot send.
    if (/^[\x21-\x7e]+$/.test(answered.data.access_token)) return answered;
    const { method, path } = LOGIN;
    const details = { method, path, status: answered.answer.status };
    throw new UnexpectedAnswerError(`${method} ${path}: the access token does not fit into a header`, details);
  };
  const tokens = tokenSource(logIn, cache(settings), chance.now);

  const send = async <T>(call: Call<T>, request: CallSettings, deadline: Deadline): Promise<Answered<T>> => {
    for (let mayLogInAgain = true; ; mayLogInAgain = false) {
      deadline.check();
      const token = await tokens.get();
      const repeatable = call.repeatable || (call.idempotencyKey !== undefined && token.honoursKeys === true);
      const authorization = `Bearer ${token.accessToken}`;
      try {
        return await transmit(settings, chance, call, { ...request, authorization, repeatable }, deadline);
      } catch (error) {
        // Once: a server that refuses a token it has just issued will go on doing so.
        if (!mayLogInAgain || !isTokenRefused(error)) throw error;
        tokens.refused(token);
      }
    }
  };

  return {
    allowHttp: settings.baseUrl.startsWith('http:'),
    login: (options) => withDeadline(LOGIN, parseCallOptions(options, settings), () => tokens.login()),
    send: (call, options) => {
      const request = parseCallOptions(options, settings);
      return withDeadline(call, request, (deadline) => send(call, request, deadline));
    },
  };
}

function isTokenRefused(error: unknown): boolean {
  return isWebposError(error) && /^100[47]$/.test(error.errorCode ?? '');
}
