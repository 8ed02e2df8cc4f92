import { readHeaders } from '#runtime';
import { requireOption } from '../checks/require-option.ts';
import { describeType, isObject, type Rule } from '../checks/value-rules.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { HeaderValues } from './header-values.ts';

const NAMES_AND_VALUES = 'valid names and values';
const RESERVED = /^(x-api-version|accept|authorization|content-type|idempotency-key)$/;

/** Accepts headers; {@link parseHeaders} reads them. */
export const HEADERS_RULE: Rule = [isObject, NAMES_AND_VALUES, describeType];

/**
 * Reads the application's headers. @returns the values by lower-case name.
 * @throws ConfigurationError for an invalid header, and for one that the library sets itself; it never contains a value.
 */
export function parseHeaders(given: HeaderValues): Record<string, string> {
  let headers: Record<string, string>;
  try {
    headers = readHeaders(given);
  } catch {
    // Without the cause, which quotes the value.
    throw new ConfigurationError('headers', NAMES_AND_VALUES, 'invalid ones');
  }
  for (const name of Object.keys(headers))
    requireOption(!RESERVED.test(name), 'headers', 'none that the library sets', name, name);
  return headers;
}
