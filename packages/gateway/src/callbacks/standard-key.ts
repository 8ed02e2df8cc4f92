/**
 * The key that signs the callbacks of a POS for Standard Webhooks (https://www.standardwebhooks.com). It is derived from the secret of
 * the POS (HKDF, RFC 5869), which cannot be recovered from it: software that holds the key can verify callbacks but not log in.
 */
import { hkdfSync } from 'node:crypto';

/** Derives the 256-bit key from the secret of a POS. */
export function standardKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'webpos standard webhooks', 32));
}

/** Returns the key in the form that Standard Webhooks libraries expect: `whsec_` and base64. */
export function standardSecret(secret: string): string {
  return `whsec_${Buffer.from(standardKey(secret)).toString('base64')}`;
}
