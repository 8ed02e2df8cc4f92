/** Who a client is: by client id and secret once, then by its access token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ClientCredentialsLoginResponse } from '@webpos/sdk/wire';
import type { EpochMs } from '../kernel/clock.ts';
import type { Pos } from '../orders/pos.ts';
import { secretsAt, type PosSecret } from '../orders/secret-rotation.ts';
import { checkAccessToken, issueAccessToken, TOKEN_LIFE_S, type TokenOwner } from '../security/access-token.ts';
import type { PublicJwk } from '../security/id-token-key.ts';
import type { SignIdToken } from '../security/id-token.ts';
import type { GatewayKeys } from '../security/key-file.ts';
import type { ServiceContext } from './context.ts';
import { ContractError } from './contract-error.ts';
import type { PosDirectory } from './pos-directory.ts';
import { openSecret } from './pos-secret.ts';

export interface LoginContext extends Pick<ServiceContext, 'store' | 'clock' | 'publicUrl'> {
  readonly keys: GatewayKeys;
  readonly posDirectory: PosDirectory;
  readonly signIdToken: SignIdToken;
  /** By which anyone can verify what `signIdToken` has signed. */
  readonly idTokenJwk: PublicJwk;
}

export interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

/** @throws ContractError 1001 when the client is not known, its secret is another, or its POS is switched off. */
export async function login(context: LoginContext, { clientId, secret }: Credentials): Promise<ClientCredentialsLoginResponse> {
  const now = context.clock.now();
  const pos = await context.store.pos.byClientId(clientId);
  const found = pos === undefined ? noSecret(secret) : secretThatIs(secret, pos, now, context.keys);
  if (pos === undefined || found === undefined || !pos.active)
    throw new ContractError('1001', 'the client id or the secret is wrong');
  return {
    access_token: issueAccessToken({ posId: pos.id, generation: found.generation }, now, context.keys.accessToken),
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE_S,
    id_token: context.signIdToken({ issuer: context.publicUrl, subject: pos.id, audience: clientId, now, lifeS: TOKEN_LIFE_S }),
    scope: '*',
  };
}

/**
 * Answers at once where the POS is at hand.
 *
 * @throws ContractError 1004 when the token has run out, 1007 when it is none of ours, the secret that it was got with is
 * good no more, or its POS has been switched off since.
 */
export function posOfToken(context: LoginContext, token: string): Pos | Promise<Pos> {
  const now = context.clock.now();
  const check = checkAccessToken(token, now, context.keys.accessToken);
  if (check.kind === 'expired') throw new ContractError('1004', 'the access token has run out: log in again');
  if (check.kind === 'invalid') throw new ContractError('1007', 'the access token is not valid');
  const known = context.posDirectory.known(check.posId);
  // A token is refused only by what is stored now: a second secret may be newer than what is known.
  return known !== undefined && takes(known, check, now) ? known : storedPosOfToken(context, check, now);
}

async function storedPosOfToken({ posDirectory }: LoginContext, owner: TokenOwner, now: EpochMs): Promise<Pos> {
  const stored = await posDirectory.read(owner.posId);
  if (stored !== undefined && takes(stored, owner, now)) return stored;
  throw new ContractError('1007', 'the access token is not valid any more: log in again');
}

function takes(pos: Pos, token: TokenOwner, now: EpochMs): boolean {
  return pos.active && secretsAt(pos, now).some(({ generation }) => generation === token.generation);
}

/** Both secrets are looked at, whichever is right. */
function secretThatIs(given: string, pos: Pos, now: EpochMs, keys: GatewayKeys): PosSecret | undefined {
  return secretsAt(pos, now).filter((secret) => equal(given, openSecret(pos, secret, keys)))[0];
}

/** An unknown client costs about as much as a wrong secret, and gets the same answer. */
function noSecret(given: string): undefined {
  equal(given, '');
  return undefined;
}

function equal(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
