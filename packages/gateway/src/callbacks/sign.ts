/**
 * The signatures of a callback. The platform's: base64(HMAC-SHA512(key = SHA-256(secret), message = the raw body)). And those of
 * Standard Webhooks (https://www.standardwebhooks.com): `v1,` and base64(HMAC-SHA256(key, `id.timestamp.body`)), one for each key.
 */
import { createHash, createHmac } from 'node:crypto';
import type { EpochMs } from '../kernel/clock.ts';

/** The header that carries the platform's. */
export const SIGNATURE_HEADER = 'chainside-signature';

/** What signs a callback. */
export interface CallbackKeys {
  /** By {@link platformKey}. */
  readonly platform: Uint8Array;
  /** Keys of Standard Webhooks: two while the secret is being changed. */
  readonly standard: readonly Uint8Array[];
}

/** The key of `chainside-signature`, from the secret of the POS. */
export function platformKey(secret: string): Uint8Array {
  return createHash('sha256').update(secret, 'utf8').digest();
}

export function signCallback(body: string, key: Uint8Array): string {
  return createHmac('sha512', key).update(body, 'utf8').digest('base64');
}

/** @param at When this attempt is made: a receiver may refuse what is old, and drop what it has seen by its id. */
export function standardHeaders(id: string, body: string, keys: CallbackKeys['standard'], at: EpochMs): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const sign = (key: Uint8Array): string =>
    `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': keys.map(sign).join(' ') };
}
