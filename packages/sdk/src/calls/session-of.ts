import type { CallOptions } from '../options/call-options.ts';
import type { WithAnswer } from '../http/with-answer.ts';
import type { ClientCredentialsLoginResponse } from '../wire/index.ts';
import type { ApiRequest } from './api-request.ts';

/** Sends calls as one client: logs in when needed, and once more if the server refuses the token. */
export interface Session {
  /** Whether URLs may be http, since a sandbox on the same machine has no certificate. */
  readonly allowHttp: boolean;
  /** Logs in, or joins the login under way. */
  login(options: CallOptions): Promise<WithAnswer<ClientCredentialsLoginResponse>>;
  /** Sends a call with a token, all under one deadline. */
  send<T>(call: ApiRequest<T>, options: CallOptions): Promise<WithAnswer<T>>;
  /** Fails later calls, lets calls under way finish, and closes idle connections. */
  close(): Promise<unknown>;
}

/**
 * The property in which a client exposes its session to the other entries of this package. The symbol is registered, so that two
 * copies of the package share it.
 */
export const SESSION: unique symbol = Symbol.for('@webpos/sdk/session');

/** Returns the session of a client; undefined for anything else. */
export function sessionOf(client: unknown): Session | undefined {
  return (Object(client) as Readonly<Record<symbol, Session | undefined>>)[SESSION];
}
