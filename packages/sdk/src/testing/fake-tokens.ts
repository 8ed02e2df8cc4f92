import { webCrypto } from '#runtime';
import { decodeBase64 } from '../callbacks/raw-body.ts';
import { FakeError } from './fake-error.ts';

/** The credentials of a fake platform, and the life of its tokens. */
export interface FakeLogin {
  clientId: string;
  secret: string;
  /** The life of a token, in seconds. */
  tokenLifeS: number;
}

/** The logins of a fake platform, by the rules of the contract. */
export class FakeTokens {
  readonly #login: FakeLogin;
  readonly #endsAtMs = new Map<string, number>();

  constructor(login: FakeLogin) {
    this.#login = login;
  }

  /** Answers `POST /token`. @throws FakeError 3007, 1002, 1013, 1001. */
  logIn(authorization: string | null, form: Readonly<Record<string, unknown>>, nowMs: number): object {
    const [, base64] = /^basic +([\w+/=-]+) *$/i.exec(authorization ?? '') ?? [];
    const credentials = new TextDecoder().decode(decodeBase64(base64 ?? ''));
    if (!credentials.includes(':')) throw new FakeError('3007', 'Authorization: expected Basic');
    if (form['grant_type'] !== 'client_credentials') throw new FakeError('1002', 'grant_type: expected client_credentials');
    if (form['scope'] !== undefined && form['scope'] !== '*') throw new FakeError('1013', 'scope: expected *');
    const { clientId, secret, tokenLifeS } = this.#login;
    if (credentials !== `${clientId}:${secret}`) throw new FakeError('1001', 'unknown client id, or wrong secret');
    const token = webCrypto().randomUUID();
    this.#endsAtMs.set(token, nowMs + tokenLifeS * 1000);
    return { access_token: token, token_type: 'Bearer', expires_in: tokenLifeS, id_token: 'e30.e30.e30', scope: '*' };
  }

  /** Checks a token. @throws FakeError 3007, 1007, 1004. */
  check(authorization: string | null, nowMs: number): void {
    const [, token] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) throw new FakeError('3007', 'Authorization: expected Bearer');
    const endsAtMs = this.#endsAtMs.get(token);
    if (endsAtMs === undefined) throw new FakeError('1007', 'invalid access token');
    if (endsAtMs <= nowMs) throw new FakeError('1004', 'expired access token');
  }

  /** Expires all tokens. */
  expire(): void {
    for (const token of this.#endsAtMs.keys()) this.#endsAtMs.set(token, 0);
  }
}
