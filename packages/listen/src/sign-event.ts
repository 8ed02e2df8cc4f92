/**
 * Rebuilds the request that a gateway sends for an event, from the feed: the same body, byte for byte, the same headers, and signatures by
 * the same rules. A test compares it with the gateway's own.
 */
import { hkdfSync } from 'node:crypto';
import type { FeedEvent } from '@webpos/sdk/events';
import { signCallback, signStandardWebhook } from '@webpos/sdk/testing';

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns a function that signs the events of the POS with this secret. */
export function eventSigner(secret: string): (event: FeedEvent, sentAtMs: number) => Promise<SignedRequest> {
  // A separate key derived from the secret, so that a verifier who has it cannot log in.
  const standardSecret = Buffer.from(hkdfSync('sha256', secret, '', 'webpos standard webhooks', 32)).toString('base64');
  return async ({ id, callback }, sentAtMs) => {
    const body = bodyText(callback);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'webpos',
      'chainside-signature': await signCallback(body, secret),
      ...(await signStandardWebhook(body, standardSecret, { id, sentAtS: Math.floor(sentAtMs / 1000) })),
    };
    return { body, headers };
  };
}

/** In `JSON.stringify`'s output, a backslash before a quote or a backslash always escapes that character inside a string. */
const UNSAFE = /\\["\\]|</g;
const SAFE: Readonly<Record<string, string>> = { '\\"': '\\u0022', '\\\\': '\\u005c', '<': '\\u003c' };

/** Serializes a callback. Receivers may strip backslashes and tags before parsing, so the contract escapes these characters. */
export function bodyText(callback: FeedEvent['callback']): string {
  return JSON.stringify(callback).replace(UNSAFE, (unsafe) => SAFE[unsafe] ?? unsafe);
}
