import { webCrypto } from '#runtime';
import { ConfigurationError } from '../callbacks/index.ts';
import { decodeBase64 } from '../callbacks/raw-body.ts';
import { type Signer, signerOf } from '../callbacks/signer.ts';

/**
 * Makes the signer of Standard Webhooks: HMAC-SHA256 keyed with the decoded bytes of a secret.
 *
 * @param secret base64, with or without the prefix `whsec_`.
 * @returns a function that creates the signer on demand.
 * @throws ConfigurationError if the secret is not base64.
 */
export function standardSigner(secret: string): () => Promise<Signer> {
  const key = parseStandardSecret(secret);
  // RFC 2104: a key longer than a block is replaced by its hash.
  const ofABlock = async (): Promise<Uint8Array> =>
    key.length > 64 ? new Uint8Array(await webCrypto().subtle.digest('SHA-256', key)) : key;
  return async () => signerOf(256, await ofABlock());
}

function parseStandardSecret(secret: string): Uint8Array<ArrayBuffer> {
  const base64 = typeof secret === 'string' ? secret.replace(/^whsec_/, '') : '';
  const key = decodeBase64(base64);
  if (key !== undefined && key.length > 0) return key;
  throw new ConfigurationError('standardWebhooks', 'a secret in base64, with or without whsec_', 'something else');
}
