/** The id token: a JSON Web Token (RFC 7519) signed with Ed25519 (`EdDSA`, RFC 8037). */
import { sign } from 'node:crypto';
import type { EpochMs } from '../kernel/clock.ts';
import type { IdTokenKey } from './id-token-key.ts';

export interface IdTokenClaims {
  readonly issuer: string;
  /** The POS. */
  readonly subject: string;
  /** The client id. */
  readonly audience: string;
  readonly now: EpochMs;
  readonly lifeS: number;
}

export type SignIdToken = (claims: IdTokenClaims) => string;

/**
 * Creates a signer. The gateway publishes the public half of the key at `/.well-known/jwks.json`, so anyone can verify the
 * tokens.
 */
export function idTokenSigner({ privateKey, jwk }: IdTokenKey): SignIdToken {
  const header = encode({ alg: jwk.alg, typ: 'JWT', kid: jwk.kid });
  return ({ issuer, subject, audience, now, lifeS }) => {
    const iat = Math.floor(now / 1000);
    const text = `${header}.${encode({ iss: issuer, sub: subject, aud: audience, iat, exp: iat + lifeS })}`;
    return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
