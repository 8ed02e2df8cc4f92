/**
 * The request that a gateway sends for an event, remade from the feed: the same body to the byte, the same headers, and signatures by the
 * same rules. A test compares it with what a gateway sends.
 */
import { hkdfSync } from 'node:crypto';
import type { FeedEvent } from '@webpos/sdk/events';
import { signCallback, signStandardWebhook } from '@webpos/sdk/testing';

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes the requests of one POS. */
export function eventSigner(secret: string): (event: FeedEvent, sentAtMs: number) => Promise<SignedRequest> {
  // A key of its own, drawn from the secret: who verifies by it cannot log in.
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

/** `JSON.stringify` writes a quote and a backslash inside a string as these pairs, and a backslash nowhere else before either. */
const UNSAFE = /\\["\\]|</g;
const SAFE: Readonly<Record<string, string>> = { '\\"': '\\u0022', '\\\\': '\\u005c', '<': '\\u003c' };

/** Receivers may strip backslashes and tags before they parse: the contract has these characters written as escapes. */
export function bodyText(callback: FeedEvent['callback']): string {
  return JSON.stringify(callback).replace(UNSAFE, (unsafe) => SAFE[unsafe] ?? unsafe);
}
