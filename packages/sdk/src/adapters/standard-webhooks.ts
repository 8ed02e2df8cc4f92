import { CallbackError, type SignatureCheck } from '../callbacks/index.ts';
import { headerValue } from '../callbacks/headers.ts';
import { isSameText, type Signer } from '../callbacks/signer.ts';
import { standardSigner } from './standard-signer.ts';

/**
 * Checks the headers of Standard Webhooks (https://www.standardwebhooks.com): `webhook-signature` holds `v1,` and the
 * base64 of HMAC-SHA256 over `id.timestamp.body`, or several of these with spaces between. A request that has no such
 * header is left to `chainside-signature`; one that has it is judged by it alone.
 *
 * Since `webhook-id` and `webhook-timestamp` are covered, an age limit then counts from this attempt to send it, and
 * `dropRepeats` knows a callback by its id.
 *
 * @param secret base64, with or without `whsec_` before it.
 * @throws ConfigurationError when it is not.
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
    // Each is compared in the same time; how many there are is the sender's to know.
    const isSigned = signatures.split(' ').some((one) => isSameText(one, expected));
    if (isSigned && id !== '' && /^\d{1,12}$/.test(timestamp)) return { id, sentAtS: Number(timestamp) };
    throw new CallbackError('wrong_signature', 'webhook-signature is not that of webhook-id, webhook-timestamp and this body');
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
