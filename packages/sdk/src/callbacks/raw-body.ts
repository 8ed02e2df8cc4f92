import { FRAMEWORK_HINTS } from '#runtime';
import { CallbackError } from './callback-error.ts';
import { ENCODER } from './encoder.ts';

/** A request's body as it came: text, or bytes, such as a `Buffer`. */
export type RawBody = string | ArrayBufferLike | ArrayBufferView;

/**
 * The bytes of a body, where they are. Text that is JSON in base64, as AWS Lambda gets it, stands for what it encodes: `{`
 * makes it begin with `ew` or `ey`, and no JSON does.
 *
 * @throws CallbackError with the line of the caller's framework to change.
 */
export function bodyBytes(rawBody: unknown): Uint8Array {
  if (typeof rawBody === 'string') return (/^e[wy]/.test(rawBody) && decodeBase64(rawBody)) || ENCODER.encode(rawBody);
  try {
    // Both refuse what only looks like bytes, such as parsed JSON, and take those of another realm, as test runners have them.
    const view = ArrayBuffer.isView(rawBody) ? rawBody : new DataView(rawBody as ArrayBuffer);
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  } catch {
    // Only the kind of what came: its text may be anybody's.
    const kind = Object.prototype.toString.call(rawBody);
    throw new CallbackError('no_raw_body', `expected the raw body, got ${kind}${FRAMEWORK_HINTS}`);
  }
}

/** The bytes of base64; undefined where it is not base64. */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    // Without the cause, which may quote a secret.
    return undefined;
  }
}
