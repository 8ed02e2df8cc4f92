import { checkAccessToken, checkGatewayMode, throwCopy } from '#runtime';
import type { WithAnswer } from '../http/with-answer.ts';
import { type ApiRequest, LOGIN_REQUEST } from './api-request.ts';
import { type Deadline, withDeadline } from '../http/deadline.ts';
import { CallError, type WebposError } from '../errors/index.ts';
import { requireOption } from '../checks/require-option.ts';
import {
  CALL_RULES,
  type CallOptions,
  type CallSettings,
  CREATE_RULES,
  LOGIN_RULES,
  type LoginOptions,
  parseCallOptions,
} from '../options/call-options.ts';
import type { Settings } from '../options/client-options.ts';
import type { Rules } from '../checks/value-rules.ts';
import { createTokenSource } from '../auth/token-source.ts';
import { type ClockAndRandom, sendRequest, type SendState } from '../http/send.ts';
import type { Session } from './session-of.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';

/** Makes the session of a client. */
export function createSession(settings: Settings, clock: ClockAndRandom): Session {
  const store = settings.cache(settings);
  let closing: Promise<unknown> | undefined;

  /** Logs in with the client's own timeout, because callers with different timeouts share the login. */
  const logIn = async (): Promise<WithAnswer<ClientCredentialsLoginResponse>> => {
    const sending = { ...settings, authorization: basicAuthorization(settings), repeatable: true };
    const answered = await settings.observe(LOGIN_REQUEST, (watch) =>
      withDeadline(LOGIN_REQUEST, settings, (deadline) =>
        sendRequest(settings, clock, LOGIN_REQUEST, { ...sending, watch }, deadline),
      ),
    );
    checkGatewayMode(settings.mode, answered.answer.headers);
    checkAccessToken(LOGIN_REQUEST, answered);
    return answered;
  };
  const tokens = createTokenSource(logIn, store, clock.now);

  // A hot path: an await of an available token and a spread copy took three of the eleven microseconds of a call.
  const send = async <T>(call: ApiRequest<T>, sending: SendState, deadline: Deadline): Promise<WithAnswer<T>> => {
    for (let mayLogInAgain = true; ; mayLogInAgain = false) {
      deadline.check();
      const held = tokens.get();
      const token = held instanceof Promise ? await held.catch(throwCopy) : held;
      sending.repeatable = call.repeatable || (call.idempotencyKey !== undefined && token.honoursKeys === true);
      sending.authorization = `Bearer ${token.accessToken}`;
      try {
        return await sendRequest(settings, clock, call, sending, deadline);
      } catch (error) {
        // Only once: a server that refuses a new token will refuse the next one too.
        if (!mayLogInAgain || !/^100[47]$/.test((error as WebposError).errorCode ?? '')) throw error;
        tokens.refused(token);
      }
    }
  };

  const parseOptions = (options: CallOptions, rules: Rules<LoginOptions>): CallSettings => {
    requireOption(!closing, 'client', 'open', 0, 'closed');
    return parseCallOptions(options, settings, rules);
  };

  return {
    allowHttp: settings.baseUrl.startsWith('http:'),
    login: (options) => withDeadline(LOGIN_REQUEST, parseOptions(options, LOGIN_RULES), () => tokens.login().catch(throwCopy)),
    send: (call, options) => {
      const { idempotencyKey } = call;
      const sending = parseOptions(options, idempotencyKey === undefined ? CALL_RULES : CREATE_RULES) as CallSettings & SendState;
      return settings.observe(call, (watch) => {
        sending.watch = watch;
        const sent = withDeadline(call, sending, (deadline) => send(call, sending, deadline));
        if (idempotencyKey === undefined) return sent;
        return sent.catch((error: unknown) => {
          const { mayHaveActed: orderMayExist = false } = sending;
          throw error instanceof CallError ? Object.assign(error, { idempotencyKey, orderMayExist }) : error;
        });
      });
    },
    close: () => (closing ??= Promise.all([settings.fetch.close?.(), store.close?.()])),
  };
}

/** RFC 7617: the base64 of the UTF-8 text. */
function basicAuthorization({ clientId, secret }: Settings): string {
  const bytes = new TextEncoder().encode(`${clientId}:${secret}`);
  return `Basic ${btoa(String.fromCodePoint(...bytes))}`;
}
