import { ConfigurationError } from '../errors/index.ts';
import { parseSecret } from '../options.ts';
import { CallbackError } from './callback-error.ts';
import { type CallbackHeaders, headerValues } from './headers.ts';
import { bytesOf, type RawBody } from './raw-body.ts';
import { parseCallback, type ReceivedCallback } from './received-callback.ts';
import { isSignatureOf, signatureKey } from './signature.ts';

const SIGNATURE_HEADER = 'chainside-signature';

/** The secret of the POS; or several, while an old one is being replaced. */
export type CallbackHandlerOptions = { secret: string; secrets?: undefined } | { secret?: undefined; secrets: readonly string[] };

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
  readonly #secrets: readonly string[];
  #keys: ReturnType<typeof signatureKey>[] | undefined;

  /** @throws ConfigurationError that names the wrong option; it never shows a secret. */
  constructor(options: CallbackHandlerOptions) {
    this.#secrets = parseSecrets(options);
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
    const body = bytesOf(rawBody);
    const signatures = headerValues(headers, SIGNATURE_HEADER);
    const [signature] = signatures;
    // No sender signs twice; and a long list would be a way to keep this server busy.
    if (signature === undefined || signatures.length > 1) {
      throw new CallbackError(
        signature === undefined ? 'missing_signature' : 'wrong_signature',
        `expected one ${SIGNATURE_HEADER} header, got ${signatures.length}: not a callback, or a proxy changed it`,
      );
    }
    if (!(await this.#isSigned(body, signature.trim()))) throw mismatch(body);
    return parseCallback(body);
  }

  async #isSigned(body: Uint8Array<ArrayBuffer>, signature: string): Promise<boolean> {
    this.#keys ??= this.#secrets.map(signatureKey);
    const matches = await Promise.all(this.#keys.map(async (key) => await isSignatureOf(body, signature, await key)));
    return matches.includes(true);
  }
}

function mismatch(body: Uint8Array): CallbackError {
  const likely =
    body.length === 0
      ? 'The body is empty: something has read it before'
      : 'The secret is of another POS, or the body was parsed and serialised again, or forged';
  return new CallbackError('wrong_signature', `the signature does not match. ${likely}`);
}

function parseSecrets(options: CallbackHandlerOptions): readonly string[] {
  // JavaScript callers hand over anything.
  const { secret, secrets }: { secret?: unknown; secrets?: unknown } = options ?? {};
  if (secrets === undefined) return [parseSecret('secret', secret)];
  if (secret !== undefined) throw new ConfigurationError('secrets', 'either secret or secrets', 'both');
  if (!Array.isArray(secrets)) throw new ConfigurationError('secrets', 'an array of strings', typeof secrets);
  const given: unknown[] = secrets.length > 0 ? secrets : [undefined];
  return given.map((one, index) => parseSecret(`secrets[${index}]`, one));
}
