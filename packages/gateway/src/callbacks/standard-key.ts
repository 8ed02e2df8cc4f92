/**
 * The key with which a POS's callbacks are signed by Standard Webhooks (https://www.standardwebhooks.com). It is drawn from the
 * secret of the POS (HKDF, RFC 5869), and nobody gets from it back to the secret: who may verify callbacks by it cannot log in.
 */
import { hkdfSync } from 'node:crypto';

/** 256 bits. */
export function standardKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'webpos standard webhooks', 32));
}

/** The form in which libraries of Standard Webhooks take a key. */
export function standardSecret(secret: string): string {
  return `whsec_${Buffer.from(standardKey(secret)).toString('base64')}`;
}
