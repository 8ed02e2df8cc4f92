/**
 * Access tokens that need no query: the claims, and an HMAC-SHA256 over them by the gateway's own key. Opaque to clients.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { isUuidV4, type PosId } from '../kernel/ids.ts';

/** How long a token is good for. */
export const TOKEN_LIFE_S = 3600;

/** Whose a token is. */
export interface TokenOwner {
  readonly posId: PosId;
  /** By which of the POS's secrets it was got: it ends with that secret. */
  readonly generation: number;
}

export type TokenCheck = ({ readonly kind: 'valid' } & TokenOwner) | { readonly kind: 'expired' } | { readonly kind: 'invalid' };

export function issueAccessToken({ posId, generation }: TokenOwner, now: EpochMs, key: Uint8Array): string {
  const content = { pos: posId, gen: generation, exp: plusMs(now, TOKEN_LIFE_S * 1000) };
  const claims = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${claims}.${mac(claims, key)}`;
}

/** Tells whose a token is; nothing in it is believed before its MAC has been checked. */
export function checkAccessToken(token: string, now: EpochMs, key: Uint8Array): TokenCheck {
  const [claims, signature, ...rest] = token.split('.');
  if (claims === undefined || signature === undefined || rest.length > 0) return { kind: 'invalid' };
  const expected = Buffer.from(mac(claims, key));
  const actual = Buffer.from(signature);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return { kind: 'invalid' };
  const { pos, gen, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>;
  if (typeof pos !== 'string' || !isUuidV4(pos) || typeof gen !== 'number' || typeof exp !== 'number') return { kind: 'invalid' };
  return exp <= now ? { kind: 'expired' } : { kind: 'valid', posId: pos as PosId, generation: gen };
}

function mac(claims: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(claims).digest('base64url');
}
