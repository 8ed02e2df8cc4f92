import { ConfigurationError } from '../callbacks/index.ts';
import { decodeBase64 } from '../callbacks/raw-body.ts';
import { type Signer, signerOf } from '../callbacks/signer.ts';

/**
 * Makes the signer of Standard Webhooks: HMAC-SHA256 with the bytes of a secret.
 *
 * @param secret base64, with or without `whsec_` before it.
 * @returns makes the signer, once it is needed.
 * @throws ConfigurationError when it is not.
 */
export function standardSigner(secret: string): () => Promise<Signer> {
  const key = parseStandardSecret(secret);
  // RFC 2104: a key that is longer than a block stands for its hash.
  const ofABlock = async (): Promise<Uint8Array> =>
    key.length > 64 ? new Uint8Array(await crypto.subtle.digest('SHA-256', key)) : key;
  return async () => signerOf(256, await ofABlock());
}

function parseStandardSecret(secret: string): Uint8Array<ArrayBuffer> {
  const base64 = typeof secret === 'string' ? secret.replace(/^whsec_/, '') : '';
  const key = decodeBase64(base64);
  if (key !== undefined && key.length > 0) return key;
  throw new ConfigurationError('standardWebhooks', 'a secret in base64, with or without whsec_', 'something else');
}
