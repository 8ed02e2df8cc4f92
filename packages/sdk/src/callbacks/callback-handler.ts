import { CallbackError } from './callback-error.ts';
import { type CallbackHandlerOptions, parseSecrets, type Proof } from './callback-options.ts';
import { type CallbackHeaders, headerValue } from './headers.ts';
import { bodyBytes, type RawBody } from './raw-body.ts';
import { parseCallback, type ReceivedCallback } from './received-callback.ts';
import { isSameText, type Signer, signerOf } from './signer.ts';

const SIGNATURE_HEADER = 'chainside-signature';

/** A callback, and what its signature proves about its sending. */
export interface Delivery extends Proof {
  callback: ReceivedCallback;
}

/**
 * Verifies callbacks. A callback may arrive late and more than once: act on `object.uuid` and the state of the order, not on the
 * number of callbacks.
 *
 * @example
 * const { WEBPOS_SECRET = '' } = process.env;
 * const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });
 * app.post('/callback', express.raw({ type: '*\/*' }), async (request, response) => {
 *   const callback = await callbacks.parse(request.headers, request.body);
 *   if (callback.event === 'payment.completed') await markPaid(callback.object.uuid);
 *   response.sendStatus(204);
 * });
 */
export class CallbackHandler {
  readonly #options: CallbackHandlerOptions;
  readonly #signers: readonly Signer[];

  /** @throws ConfigurationError naming the wrong option; it never contains a secret. */
  constructor(options: CallbackHandlerOptions) {
    this.#signers = parseSecrets(options).map((secret) => signerOf(512, secret));
    this.#options = { ...options };
  }

  /**
   * Verifies the signature of a callback and reads its body.
   *
   * @param headers the request's headers: a `Headers` object or a plain object.
   * @param rawBody the body as received, text or bytes; never the object that a framework parsed it into.
   * @returns the callback; its `object` is the order at the time of the event.
   * @throws CallbackError whose `problem` and message say what is wrong, and on which side.
   * @example
   * const callback = await callbacks.parse(request.headers, await request.text());
   */
  async parse(headers: CallbackHeaders, rawBody: RawBody): Promise<ReceivedCallback> {
    return (await this.receive(headers, rawBody)).callback;
  }

  /**
   * Does what {@link CallbackHandler.parse} does, and also returns the id and the time of sending if a signature covers them. Use
   * it to recognise repeats.
   *
   * @throws CallbackError as `parse` does.
   * @example
   * const { callback, id } = await callbacks.receive(request.headers, await request.text());
   */
  async receive(headers: CallbackHeaders, rawBody: RawBody): Promise<Delivery> {
    const { standardWebhooks, now = Date.now } = this.#options;
    let body = bodyBytes(rawBody);
    // The caller's bytes are copied before an await, during which they could change, and only then.
    let proof = standardWebhooks && (await standardWebhooks(headers, (body = body.slice())));
    if (!proof) {
      const signature = headerValue(headers, SIGNATURE_HEADER);
      if (!signature) throw new CallbackError('missing_signature', `no ${SIGNATURE_HEADER} header`);
      for (const sign of this.#signers) {
        let expected = sign(body);
        if (typeof expected !== 'string') {
          body = body.slice();
          expected = await expected;
        }
        if (isSameText(signature, expected)) proof = {};
      }
      if (!proof)
        throw new CallbackError(
          'wrong_signature',
          `not the signature of these ${body.length} bytes: forged, wrong secret, or parsed and serialised again`,
        );
    }
    const callback = parseCallback(body);
    const sentAtMs = proof.sentAtS === undefined ? Date.parse(callback.created_at) : proof.sentAtS * 1000;
    // The time of Standard Webhooks is that of the attempt, so an honest one is recent; the event's may be days ago.
    const { maxAgeMs = proof.sentAtS === undefined ? Infinity : 300_000 } = this.#options;
    // An invalid date compares as false, and is refused.
    if (maxAgeMs === Infinity || Math.abs(now() - sentAtMs) <= maxAgeMs) return { callback, ...proof };
    throw new CallbackError('wrong_time', `not within ${maxAgeMs} ms of now`);
  }
}
