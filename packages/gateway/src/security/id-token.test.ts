import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../kernel/clock.ts';
import { idTokenKey } from './id-token-key.ts';
import { idTokenSigner } from './id-token.ts';

// RFC 8037, appendix A: an Ed25519 key, its public half and its thumbprint.
const seed = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url');
const publicKey = createPublicKey({
  format: 'jwk',
  key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
});
const thumbprint = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';

const token = idTokenSigner(idTokenKey(seed))({
  issuer: 'https://pay.example',
  subject: 'the POS',
  audience: 'the client',
  now: epochMs(1_795_456_800_999),
  lifeS: 3600,
});
const [header = '', payload = '', signature = '', ...rest] = token.split('.');
const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

describe('an id token', () => {
  it('has the three parts of a JWT in base64url', () => {
    expect(rest).toEqual([]);
    for (const part of [header, payload, signature]) expect(part).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('names its algorithm, and its key by its thumbprint', () => {
    expect(decoded(header)).toEqual({ alg: 'EdDSA', typ: 'JWT', kid: thumbprint });
  });

  it('states its issuer, subject, audience and expiration, in whole seconds', () => {
    expect(decoded(payload)).toEqual({
      iss: 'https://pay.example',
      sub: 'the POS',
      aud: 'the client',
      iat: 1_795_456_800,
      exp: 1_795_460_400,
    });
  });

  it('is signed by the key of its seed, over its header and its claims', () => {
    const isSigned = (text: string): boolean => verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'));
    expect(isSigned(`${header}.${payload}`)).toBe(true);
    expect(isSigned(`${header}.${payload.slice(0, -1)}`)).toBe(false);
    expect(isSigned(payload)).toBe(false);
  });

  it.each([0, 31])('cannot be signed with a seed of %d bytes', (length) => {
    expect(() => idTokenKey(new Uint8Array(length))).toThrow(Error);
  });
});
