/** The key that signs id tokens: Ed25519, with its public half as a JSON Web Key (RFC 7517, RFC 8037). */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** The DER encoding of an Ed25519 private key, up to its 32 bytes of seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The public part of the key, which verifies id tokens. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  /** The key id: the thumbprint of the public half (RFC 7638). */
  readonly kid: string;
  /** The public half: 32 bytes in base64url. */
  readonly x: string;
}

export interface IdTokenKey {
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
}

/** @param seed 32 bytes. */
export function idTokenKey(seed: Uint8Array): IdTokenKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('the key of id tokens has no public half');
  return { privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: thumbprint(x), x } };
}

/** RFC 7638, 3: only the required members, in lexicographic order. */
function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}
