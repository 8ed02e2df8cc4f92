import { requireOption } from '../checks/require-option.ts';
import { describeType, isObject, type Rule } from '../checks/value-rules.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';

/** Headers of the application's own. */
export type HeaderValues = Headers | Readonly<Record<string, string>>;

const NAMES_AND_VALUES = 'valid names and values';
const RESERVED = /^(x-api-version|accept|authorization|content-type|idempotency-key)$/;

/** What an option with headers takes; {@link parseHeaders} reads it. */
export const HEADERS_RULE: Rule = [isObject, NAMES_AND_VALUES, describeType];

/**
 * Reads headers of the application's own. @returns the values by name in lower case.
 * @throws ConfigurationError for a header that the library sets itself, and for what is no header; it never shows a value.
 */
export function parseHeaders(given: HeaderValues): Record<string, string> {
  const headers: Record<string, string> = {};
  try {
    new Headers(given).forEach((value, name) => (headers[name] = value));
  } catch {
    // Without the cause: it quotes the value.
    throw new ConfigurationError('headers', NAMES_AND_VALUES, 'others');
  }
  const reserved = Object.keys(headers).find((name) => RESERVED.test(name));
  requireOption(reserved === undefined, 'headers', 'none that the library sets itself', reserved, reserved);
  return headers;
}
