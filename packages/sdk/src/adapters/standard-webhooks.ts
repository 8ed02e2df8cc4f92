import { CallbackError, type SignatureCheck } from '../callbacks/index.ts';
import { headerValue } from '../callbacks/headers.ts';
import { isSameText, type Signer } from '../callbacks/signer.ts';
import { standardSigner } from './standard-signer.ts';

/**
 * Checks the headers of Standard Webhooks (https://www.standardwebhooks.com): `webhook-signature` holds `v1,` and the base64 of
 * HMAC-SHA256 over `id.timestamp.body`, or several of these separated by spaces. A request without that header is left to
 * `chainside-signature`; a request with it is judged by it alone.
 *
 * Because the signature covers `webhook-id` and `webhook-timestamp`, the age limit counts from this attempt, and `dropRepeats`
 * identifies a callback by its id.
 *
 * @param secret base64, with or without the prefix `whsec_`.
 * @returns a check for the option `standardWebhooks`; it throws a CallbackError if the signature is wrong.
 * @throws ConfigurationError if the secret is not base64.
 * @example
 * new CallbackHandler({ secret, standardWebhooks: standardWebhooks(webhookSecret), maxAgeMs: 5 * 60_000 });
 */
export function standardWebhooks(secret: string): SignatureCheck {
  const makeSigner = standardSigner(secret);
  let signer: Promise<Signer> | undefined;
  return async (headers, body) => {
    const [id = '', timestamp = '', signatures = ''] = NAMES.map((name) => headerValue(headers, name));
    if (signatures === '') return undefined;
    const sign = await (signer ??= makeSigner());
    const expected = `v1,${await sign(joined(`${id}.${timestamp}.`, body))}`;
    // Each comparison takes the same time; the number of signatures is no secret of the receiver.
    const isSigned = signatures.split(' ').some((one) => isSameText(one, expected));
    if (isSigned && id !== '' && /^\d{1,12}$/.test(timestamp)) return { id, sentAtS: Number(timestamp) };
    throw new CallbackError('wrong_signature', 'webhook-signature does not match webhook-id, webhook-timestamp and this body');
  };
}

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

function joined(head: string, body: Uint8Array): Uint8Array {
  const start = new TextEncoder().encode(head);
  const message = new Uint8Array(start.length + body.length);
  message.set(start);
  message.set(body, start.length);
  return message;
}
