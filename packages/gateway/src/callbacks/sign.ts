/**
 * The signatures of a callback: that of the platform, base64(HMAC-SHA512(key = SHA-256(secret), message = the raw body)), and those of
 * Standard Webhooks (https://www.standardwebhooks.com), `v1,` and base64(HMAC-SHA256(key, `id.timestamp.body`)) for each key.
 */
import { createHash, createHmac } from 'node:crypto';
import type { EpochMs } from '../kernel/clock.ts';

/** The header with the platform's signature. */
export const SIGNATURE_HEADER = 'chainside-signature';

/** The keys that sign the callbacks of a POS. */
export interface CallbackKeys {
  /** From {@link platformKey}; undefined for what is no callback, which has no signature of the platform. */
  readonly platform: Uint8Array | undefined;
  /** Keys for Standard Webhooks: two during a rotation of the secret. */
  readonly standard: readonly Uint8Array[];
}

/** Derives the key of `chainside-signature` from the secret of a POS. */
export function platformKey(secret: string): Uint8Array {
  return createHash('sha256').update(secret, 'utf8').digest();
}

export function signCallback(body: string, key: Uint8Array): string {
  return createHmac('sha512', key).update(body, 'utf8').digest('base64');
}

/**
 * Returns the three headers of Standard Webhooks.
 *
 * @param id The id of the callback, the same for every attempt, by which a receiver detects duplicates.
 * @param at The time of this attempt: a receiver may refuse an old timestamp.
 */
export function standardHeaders(id: string, body: string, keys: CallbackKeys['standard'], at: EpochMs): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const sign = (key: Uint8Array): string =>
    `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': keys.map(sign).join(' ') };
}
