/** Authenticates clients: at login by client id and secret, then by access token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ClientCredentialsLoginResponse } from '@webpos/sdk/wire';
import { ContractError } from '../../contract/contract-error.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import { secretsAt, type PosSecret } from '../../merchants/secret-rotation.ts';
import { checkAccessToken, issueAccessToken, TOKEN_LIFE_S, type TokenOwner } from '../../security/access-token.ts';
import type { PublicJwk } from '../../security/id-token-key.ts';
import type { SignIdToken } from '../../security/id-token.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { seal, unseal } from '../../security/seal.ts';
import type { OrderReadContext } from '../context.ts';
import type { PosDirectory } from './pos-directory.ts';
import { newSecret, openSecret } from './pos-secret.ts';

export interface LoginContext extends OrderReadContext {
  readonly keys: GatewayKeys;
  readonly posDirectory: PosDirectory;
  readonly signIdToken: SignIdToken;
  /** The public key of `signIdToken`. */
  readonly idTokenJwk: PublicJwk;
}

export interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

/** @throws ContractError 1001 if the client is unknown, its secret is wrong, or its POS is disabled. */
export async function login(context: LoginContext, { clientId, secret }: Credentials): Promise<ClientCredentialsLoginResponse> {
  const now = context.clock.now();
  const pos = await context.store.pos.byClientId(clientId);
  const found = matching(secret, pos, now, context.keys);
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
 * Returns the POS of an access token: without a promise if it is cached.
 *
 * @throws ContractError 1004 if the token has expired or its secret has been replaced: the older clients log in again only on this code.
 * 1007 if the token is invalid or its POS is disabled.
 */
export function posOfToken(context: LoginContext, token: string): Pos | Promise<Pos> {
  const now = context.clock.now();
  const check = checkAccessToken(token, now, context.keys.accessToken);
  if (check.kind === 'expired') throw new ContractError('1004', 'the access token has expired: log in again');
  if (check.kind === 'invalid') throw new ContractError('1007', 'the access token is not valid');
  const cached = context.posDirectory.cached(check.posId);
  if (cached === undefined) return storedPosOfToken(context, check, now);
  if (accepts(cached, check, now)) return cached;
  // Generations only grow. The stored POS may be newer than the cached one, so only a token of a newer secret justifies a read.
  if (secretsAt(cached, now).every(({ generation }) => generation > check.generation)) throw tokenRevoked(cached);
  return storedPosOfToken(context, check, now);
}

async function storedPosOfToken({ posDirectory }: LoginContext, owner: TokenOwner, now: EpochMs): Promise<Pos> {
  const stored = await posDirectory.read(owner.posId);
  if (stored !== undefined && accepts(stored, owner, now)) return stored;
  throw tokenRevoked(stored);
}

function tokenRevoked(pos: Pos | undefined): ContractError {
  if (pos?.active === true) return new ContractError('1004', 'the secret of the access token has been replaced: log in again');
  return new ContractError('1007', 'the access token has expired or was revoked');
}

function accepts(pos: Pos, token: TokenOwner, now: EpochMs): boolean {
  return pos.active && secretsAt(pos, now).some(({ generation }) => generation === token.generation);
}

/**
 * Returns the secret of a POS that equals a given one. Always decrypts and compares two secrets, with decoys for those that do not exist.
 * So the time that it takes does not reveal which clients exist.
 */
function matching(given: string, pos: Pos | undefined, now: EpochMs, keys: GatewayKeys): PosSecret | undefined {
  const [first, second] = pos === undefined ? [] : secretsAt(pos, now);
  let found: PosSecret | undefined;
  for (const secret of [first, second]) {
    const clear = pos === undefined || secret === undefined ? openDecoy(keys) : openSecret(pos, secret, keys);
    if (equal(given, clear)) found ??= secret;
  }
  return found;
}

const DECOY_ID = 'decoy';
const decoys = new WeakMap<GatewayKeys, string>();

function openDecoy(keys: GatewayKeys): string {
  const sealed = decoys.get(keys) ?? seal(newSecret(), DECOY_ID, keys.seal);
  decoys.set(keys, sealed);
  return unseal(sealed, DECOY_ID, keys.seal);
}

function equal(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
