/** A passkey of a test, with the answers that an authenticator without a counter gives (W3C Web Authentication, level 3, 6.1 and 7.2). */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PasskeySite } from '../../src/security/passkey.ts';

export interface TestPasskey {
  readonly id: string;
  readonly site: PasskeySite;
  /** In COSE, base64url. */
  readonly publicKey: string;
  /** Answers a challenge, as a browser sends it. */
  answer(challenge: string): string;
}

/** The person was present, and was verified. */
const FLAGS = 0b101;

export function newTestPasskey(rpId: string): TestPasskey {
  const site = { rpId, origin: `https://${rpId}` };
  const id = randomBytes(16).toString('base64url');
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
  // A map of CBOR: EC2, ES256, P-256, and the coordinates (RFC 9053, 7.1.1).
  const cose = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex')];
  return {
    id,
    site,
    publicKey: Buffer.concat([...cose, Buffer.from(y, 'base64url')]).toString('base64url'),
    answer: (challenge) => {
      const client = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin: site.origin, crossOrigin: false }));
      const authenticator = Buffer.concat([sha256(rpId), Buffer.from([FLAGS]), Buffer.alloc(4)]);
      const signature = sign('sha256', Buffer.concat([authenticator, sha256(client)]), privateKey);
      const response = { clientDataJSON: client, authenticatorData: authenticator, signature };
      const encoded = Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')]));
      return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: encoded });
    },
  };
}
