/** The id token: a JSON Web Token (RFC 7519) signed with Ed25519 (`EdDSA`, RFC 8037). */
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import type { EpochMs } from '../kernel/clock.ts';

/** The DER of an Ed25519 private key up to its 32 bytes of seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface IdTokenClaims {
  readonly issuer: string;
  /** Whom it speaks of: the POS. */
  readonly subject: string;
  /** Whom it is for: the client id. */
  readonly audience: string;
  readonly now: EpochMs;
  readonly lifeS: number;
}

export type SignIdToken = (claims: IdTokenClaims) => string;

/** @param seed 32 bytes. */
export function idTokenSigner(seed: Uint8Array): SignIdToken {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const header = encode({ alg: 'EdDSA', typ: 'JWT', kid: keyId(key) });
  return ({ issuer, subject, audience, now, lifeS }) => {
    const iat = Math.floor(now / 1000);
    const text = `${header}.${encode({ iss: issuer, sub: subject, aud: audience, iat, exp: iat + lifeS })}`;
    return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
  };
}

/** The name of a key: the thumbprint of its public half (RFC 7638). */
function keyId(key: KeyObject): string {
  const { crv, kty, x } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
