import { CallbackError } from './callback-error.ts';
import { type CallbackHandlerOptions, type CallbackSettings, parseCallbackOptions } from './callback-options.ts';
import { type CallbackHeaders, headerValue } from './headers.ts';
import { bytesOf, type RawBody } from './raw-body.ts';
import { parseCallback, type ReceivedCallback } from './received-callback.ts';
import { type Bytes, chainsideSigner, type Signer, signerOf, utf8 } from './signer.ts';

const SIGNATURE_HEADER = 'chainside-signature';

/** A callback, with what its signature says of how it was sent. */
export interface Delivery {
  callback: ReceivedCallback;
  /** The `webhook-id` header, the same for each time that this callback is sent; only where a signature covers it. */
  id?: string | undefined;
  /** The `webhook-timestamp` header, when it was sent, in seconds since 1970; only where a signature covers it. */
  sentAtS?: number | undefined;
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
  readonly #settings: CallbackSettings;
  #signers: Promise<Signer[]> | undefined;
  #standard: Promise<Signer> | undefined;

  /** @throws ConfigurationError that names the wrong option; it never shows a secret. */
  constructor(options: CallbackHandlerOptions) {
    this.#settings = parseCallbackOptions(options);
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
    const body = bytesOf(rawBody);
    const sent = (await this.#standardDelivery(headers, body)) ?? (await this.#chainsideDelivery(headers, body));
    const callback = parseCallback(body);
    const { maxAgeMs, now } = this.#settings;
    // Seconds are rounded down. What is not a date is of no age, and refused.
    const sentAtMs = sent.sentAtS === undefined ? Date.parse(callback.created_at) : sent.sentAtS * 1000;
    if (maxAgeMs === undefined || Math.abs(now() - sentAtMs) <= maxAgeMs) return { callback, ...sent };
    throw new CallbackError('wrong_time', `sent more than maxAgeMs (${maxAgeMs}) before or after now: a replay, or a wrong clock`);
  }
