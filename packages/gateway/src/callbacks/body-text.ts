/**
 * Writes the JSON text of a callback. Inside strings, `"`, `\` and `<` are escaped as `\u0022`, `\u005c` and `\u003c`. The JSON means
 * the same, but it also survives receivers that strip backslashes or tags before parsing, as the WooCommerce plugin does.
 */
import type { CallbackBody } from '@webpos/sdk/wire';

/** Matches the escapes of a quote and of a backslash, the only places where `JSON.stringify` writes a backslash before either. */
const UNSAFE = /\\["\\]|</g;
const SAFE: Readonly<Record<string, string>> = { '\\"': '\\u0022', '\\\\': '\\u005c', '<': '\\u003c' };

export function bodyText(body: CallbackBody): string {
  return JSON.stringify(body).replace(UNSAFE, (unsafe) => SAFE[unsafe] ?? unsafe);
}
