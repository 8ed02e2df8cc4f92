import { FRAMEWORK_HINTS } from '#runtime';
import { CallbackError } from './callback-error.ts';
import { ENCODER } from './encoder.ts';

/** The body of a request as received: text, or bytes such as a `Buffer`. */
export type RawBody = string | ArrayBufferLike | ArrayBufferView;

/**
 * Returns the bytes of a body, without copying them. Text that is JSON in base64, as AWS Lambda receives it, is decoded: base64
 * of `{` begins with `ew` or `ey`, and JSON never does.
 *
 * @throws CallbackError that names the line to change in the caller's framework.
 */
export function bodyBytes(rawBody: unknown): Uint8Array {
  if (typeof rawBody === 'string') return (/^e[wy]/.test(rawBody) && decodeBase64(rawBody)) || ENCODER.encode(rawBody);
  try {
    // Both refuse objects that only resemble bytes, such as parsed JSON, and accept bytes of another realm, as in test runners.
    const view = ArrayBuffer.isView(rawBody) ? rawBody : new DataView(rawBody as ArrayBuffer);
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  } catch {
    // Only the type: the content may be confidential.
    const kind = Object.prototype.toString.call(rawBody);
    throw new CallbackError('no_raw_body', `expected the raw body, got ${kind}${FRAMEWORK_HINTS}`);
  }
}

/** Decodes base64; returns undefined if it is not base64. */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    // Without the cause, which may quote a secret.
    return undefined;
  }
}
