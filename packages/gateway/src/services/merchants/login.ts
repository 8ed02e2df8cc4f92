/** Who a client is: by client id and secret once, then by its access token. */
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
 * Answers at once where the POS is at hand.
 *
 * @throws ContractError 1004 when the token has expired, or the secret that it was issued for has been replaced: the older clients log
 * in again on no other code. 1007 when it is not ours, or its POS is disabled.
 */
export function posOfToken(context: LoginContext, token: string): Pos | Promise<Pos> {
  const now = context.clock.now();
  const check = checkAccessToken(token, now, context.keys.accessToken);
  if (check.kind === 'expired') throw new ContractError('1004', 'the access token has expired: log in again');
  if (check.kind === 'invalid') throw new ContractError('1007', 'the access token is not valid');
  const known = context.posDirectory.known(check.posId);
  if (known === undefined) return storedPosOfToken(context, check, now);
  if (takes(known, check, now)) return known;
  // Generations only grow. What is stored may be newer than what is known, so only a token of a newer secret is worth a look.
  if (secretsAt(known, now).every(({ generation }) => generation > check.generation)) throw tokenEnded(known);
  return storedPosOfToken(context, check, now);
}

async function storedPosOfToken({ posDirectory }: LoginContext, owner: TokenOwner, now: EpochMs): Promise<Pos> {
  const stored = await posDirectory.read(owner.posId);
  if (stored !== undefined && takes(stored, owner, now)) return stored;
  throw tokenEnded(stored);
}

function tokenEnded(pos: Pos | undefined): ContractError {
  if (pos?.active === true) return new ContractError('1004', 'the secret of the access token has been replaced: log in again');
  return new ContractError('1007', 'the access token is not valid any more');
}

function takes(pos: Pos, token: TokenOwner, now: EpochMs): boolean {
  return pos.active && secretsAt(pos, now).some(({ generation }) => generation === token.generation);
}

/**
 * Two secrets are opened and compared, whichever is right and however many there are: for an unknown client, and beside a single secret,
 * one that nobody has. So the time that it takes does not tell which clients there are.
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
