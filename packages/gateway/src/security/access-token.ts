/** Access tokens that need no query: the claims, and an HMAC-SHA256 over them with the gateway's own key. Opaque to clients. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { isUuidV4, type PosId } from '../kernel/ids.ts';

/** How long a token is valid, in seconds. */
export const TOKEN_LIFE_S = 3600;

/** The owner of a token. */
export interface TokenOwner {
  readonly posId: PosId;
  /** The generation of the POS's secret that it was obtained with. The token is revoked with that secret. */
  readonly generation: number;
}

export type TokenCheck = ({ readonly kind: 'valid' } & TokenOwner) | { readonly kind: 'expired' } | { readonly kind: 'invalid' };

export function issueAccessToken({ posId, generation }: TokenOwner, now: EpochMs, key: Uint8Array): string {
  const content = { pos: posId, gen: generation, exp: plusMs(now, TOKEN_LIFE_S * 1000) };
  const claims = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${claims}.${mac(claims, key)}`;
}

/** The contents of a token with a valid MAC. */
interface Claims extends TokenOwner {
  readonly expiresAt: number;
}

/** Cache of tokens with a valid MAC, by key, because a client sends the same one with every request. The newest is last. */
const checked = new WeakMap<Uint8Array, Map<string, Claims>>();
const MAX_CHECKED = 2_000;

/** Returns the owner of a token. Nothing in it is trusted before its MAC has been verified. */
export function checkAccessToken(token: string, now: EpochMs, key: Uint8Array): TokenCheck {
  const known = checked.get(key) ?? new Map<string, Claims>();
  const claims = known.get(token) ?? readClaims(token, key);
  if (claims === undefined) return { kind: 'invalid' };
  if (claims.expiresAt <= now) {
    known.delete(token);
    return { kind: 'expired' };
  }
  if (!known.has(token)) keep(known, token, claims, key);
  return { kind: 'valid', posId: claims.posId, generation: claims.generation };
}

function keep(known: Map<string, Claims>, token: string, claims: Claims, key: Uint8Array): void {
  checked.set(key, known.set(token, claims));
  if (known.size <= MAX_CHECKED) return;
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}

function readClaims(token: string, key: Uint8Array): Claims | undefined {
  const [claims, signature, ...rest] = token.split('.');
  if (claims === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(mac(claims, key));
  const actual = Buffer.from(signature);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined;
  const { pos, gen, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>;
  if (typeof pos !== 'string' || !isUuidV4(pos) || typeof gen !== 'number' || typeof exp !== 'number') return undefined;
  return { posId: pos as PosId, generation: gen, expiresAt: exp };
}

function mac(claims: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(claims).digest('base64url');
}
