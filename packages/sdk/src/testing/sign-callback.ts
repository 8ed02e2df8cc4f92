import { standardSigner } from '../adapters/standard-signer.ts';
import { ENCODER } from '../callbacks/encoder.ts';
import { signerOf } from '../callbacks/signer.ts';

/**
 * Signs the body of a callback, as the platform does.
 *
 * @param secret the secret of the POS.
 * @returns the value of the `chainside-signature` header: the base64 of HMAC-SHA512, keyed with the SHA-256 of the secret.
 * @example
 * const body = JSON.stringify(sampleCallback('payment.completed'));
 * const headers = { 'chainside-signature': await signCallback(body, secret) };
 * await fetch(url, { method: 'POST', body, headers });
 */
export async function signCallback(body: string | Uint8Array, secret: string): Promise<string> {
  const sign = signerOf(512, secret);
  return await sign(typeof body === 'string' ? ENCODER.encode(body) : new Uint8Array(body));
}

/**
 * Makes the headers of Standard Webhooks for a body.
 *
 * @param secret base64, with or without the prefix `whsec_`.
 * @param delivery the callback's `id`, and the time of sending in seconds since 1970.
 * @throws ConfigurationError if the secret is not base64.
 * @example
 * const headers = await signStandardWebhook(body, 'whsec_…', { id: 'msg_1', sentAtS: Math.floor(Date.now() / 1000) });
 */
export async function signStandardWebhook(
  body: string,
  secret: string,
  { id, sentAtS }: { id: string; sentAtS: number },
): Promise<Record<string, string>> {
  const sign = await standardSigner(secret)();
  const signature = await sign(ENCODER.encode(`${id}.${sentAtS}.${body}`));
  return { 'webhook-id': id, 'webhook-timestamp': String(sentAtS), 'webhook-signature': `v1,${signature}` };
}
