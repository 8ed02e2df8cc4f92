import { CallbackError } from './callback-error.ts';
import { type CallbackHandlerOptions, parseSecrets, type Proof } from './callback-options.ts';
import { type CallbackHeaders, headerValue } from './headers.ts';
import { bodyBytes, type RawBody } from './raw-body.ts';
import { parseCallback, type ReceivedCallback } from './received-callback.ts';
import { isSameText, type Signer, signerOf } from './signer.ts';

const SIGNATURE_HEADER = 'chainside-signature';

/** A callback, with what its signature says of how it was sent. */
export interface Delivery extends Proof {
  callback: ReceivedCallback;
}

/**
 * Tells true callbacks from forged ones. One callback may come more than once, and late: act on `object.uuid` and on
 * the state of the order, not on how often you were told.
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

  /** @throws ConfigurationError that names the wrong option; it never shows a secret. */
  constructor(options: CallbackHandlerOptions) {
    this.#signers = parseSecrets(options).map((secret) => signerOf(512, secret));
    this.#options = { ...options };
  }

  /**
   * Checks the signature of a callback and reads its body.
   *
   * @param headers the request's headers: a `Headers` object or a plain one.
   * @param rawBody the body as it came, text or bytes; never the object that a framework made of it.
   * @returns the callback; its `object` is the order at the time of the event.
   * @throws CallbackError whose `problem` and message say what is wrong, and on whose side.
   * @example
   * const callback = await callbacks.parse(request.headers, await request.text());
   */
  async parse(headers: CallbackHeaders, rawBody: RawBody): Promise<ReceivedCallback> {
    return (await this.receive(headers, rawBody)).callback;
  }

  /**
   * Does what {@link CallbackHandler.parse} does, and tells of the delivery too, for those who drop repeats.
   *
   * @throws CallbackError as `parse` does.
   * @example
   * const { callback, id } = await callbacks.receive(request.headers, await request.text());
   */
  async receive(headers: CallbackHeaders, rawBody: RawBody): Promise<Delivery> {
    const { standardWebhooks, now = Date.now } = this.#options;
    let body = bodyBytes(rawBody);
    // Bytes that are not ours are copied before there is a wait in which somebody could change them, and only then.
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
    // The time of Standard Webhooks is the attempt's, so that none is honestly late; that of the event may be days ago.
    const { maxAgeMs = proof.sentAtS === undefined ? Infinity : 300_000 } = this.#options;
    // What is not a date has no age.
    if (maxAgeMs === Infinity || Math.abs(now() - sentAtMs) <= maxAgeMs) return { callback, ...proof };
    throw new CallbackError('wrong_time', `not within ${maxAgeMs} ms of now`);
  }
}
