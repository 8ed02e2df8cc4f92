/** Who a client is: by client id and secret once, then by its access token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ClientCredentialsLoginResponse } from '@webpos/sdk/wire';
import type { Pos } from '../orders/pos.ts';
import { checkAccessToken, issueAccessToken, TOKEN_LIFE_S } from '../security/access-token.ts';
import type { SignIdToken } from '../security/id-token.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import { unseal } from '../security/seal.ts';
import type { ServiceContext } from './context.ts';
import { ContractError } from './contract-error.ts';

export interface LoginContext extends Pick<ServiceContext, 'store' | 'clock' | 'publicUrl'> {
  readonly keys: GatewayKeys;
  readonly signIdToken: SignIdToken;
}

export interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

/** @throws ContractError 1001 when the client is not known, its secret is another, or its POS is switched off. */
export async function login(context: LoginContext, { clientId, secret }: Credentials): Promise<ClientCredentialsLoginResponse> {
  const pos = await context.store.pos.byClientId(clientId);
  // An unknown client costs as much as a wrong secret, and gets the same answer.
  const expected = pos === undefined ? '' : posSecret(pos, context.keys);
  if (!equal(secret, expected) || pos === undefined || !pos.active)
    throw new ContractError('1001', 'the client id or the secret is wrong');
  const now = context.clock.now();
  return {
    access_token: issueAccessToken(pos.id, now, context.keys.accessToken),
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE_S,
    id_token: context.signIdToken({ issuer: context.publicUrl, subject: pos.id, audience: clientId, now, lifeS: TOKEN_LIFE_S }),
    scope: '*',
  };
}

/** @throws ContractError 1004 when the token has run out, 1007 when it is none of ours or its POS is switched off. */
export async function posOfToken(context: LoginContext, token: string): Promise<Pos> {
  const check = checkAccessToken(token, context.clock.now(), context.keys.accessToken);
  if (check.kind === 'expired') throw new ContractError('1004', 'the access token has run out: log in again');
  const pos = check.kind === 'valid' ? await context.store.pos.get(check.posId) : undefined;
  if (pos === undefined || !pos.active) throw new ContractError('1007', 'the access token is not valid');
  return pos;
}

/** The secret of a POS in the clear: to compare at login, and to sign its callbacks. */
export function posSecret(pos: Pos, keys: GatewayKeys): string {
  return unseal(pos.sealedSecret, pos.id, keys.seal);
}

function equal(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
