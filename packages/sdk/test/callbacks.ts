/** Callbacks for tests, signed with node:crypto, independently of the library. */
import { createHash, createHmac } from 'node:crypto';

export const SECRET = 'the secret of a POS';
/** A secret of Standard Webhooks. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const UUID = '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11';

/** Makes the body of a callback. */
export function bodyOf(overrides: object = {}): string {
  return JSON.stringify({
    event: 'payment.completed',
    created_at: '2026-11-23T18:00:00.000Z',
    object_type: 'payment_order',
    object: { uuid: UUID, state: { status: 'paid' }, details: 'caffè ☕' },
    ...overrides,
  });
}

/** Returns the headers of a callback, signed as the contract requires. */
export function signed(body: string, secret: string = SECRET): Record<string, string> {
  const key = createHash('sha256').update(secret).digest();
  return { 'content-type': 'application/json', 'chainside-signature': createHmac('sha512', key).update(body).digest('base64') };
}

/** Returns the headers of Standard Webhooks. */
export function webhookHeaders(
  body: string,
  id: string,
  sentAtS: number,
  secret: string = WEBHOOK_SECRET,
): Record<string, string> {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${sentAtS}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(sentAtS), 'webhook-signature': `v1,${signature}` };
}
