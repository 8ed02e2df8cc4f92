/** The signature of a callback: base64(HMAC-SHA512(key = SHA-256(secret), message = the raw body)), as the platform does it. */
import { createHash, createHmac } from 'node:crypto';

/** The header that carries it. */
export const SIGNATURE_HEADER = 'chainside-signature';

export function signCallback(body: string, secret: string): string {
  const key = createHash('sha256').update(secret, 'utf8').digest();
  return createHmac('sha512', key).update(body, 'utf8').digest('base64');
}
