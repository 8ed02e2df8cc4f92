/**
 * The JSON text of a callback. Inside its strings `"`, `\` and `<` are written `\u0022`, `\u005c` and `\u003c`: the same JSON, but a
 * receiver that strips backslashes or tags before it parses, as the WooCommerce plugin does, still gets JSON.
 */
import type { CallbackBody } from '@webpos/sdk/wire';

/** `JSON.stringify` writes a quote and a backslash inside a string as these pairs, and a backslash nowhere else before either. */
const UNSAFE = /\\["\\]|</g;
const SAFE: Readonly<Record<string, string>> = { '\\"': '\\u0022', '\\\\': '\\u005c', '<': '\\u003c' };

export function bodyText(body: CallbackBody): string {
  return JSON.stringify(body).replace(UNSAFE, (unsafe) => SAFE[unsafe] ?? unsafe);
}
