import { type Redact, redactor } from './redact.ts';

/**
 * Redacts the secrets of one request: the secret of the POS, the Authorization header, the application's headers and the headers
 * of the call.
 */
export function requestRedactor(
  { secret, ownHeaders }: { secret: string; ownHeaders: Readonly<Record<string, string>> },
  authorization: string,
  headers: Readonly<Record<string, string>>,
): Redact {
  // Built on demand, because most calls never need it.
  return (text) => redactor([secret, authorization.split(' ')[1] ?? '', ...secretsOf(headers), ...valuesOf(ownHeaders)])(text);
}

/** Returns the headers of a call that count as secret: all but the ids of requests and traces, and short values. */
function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    /trace|-id$|^user-agent$/.test(name) || value.length < 8 ? [] : value,
  );
}

/**
 * Returns the values worth redacting. One of three characters or fewer occurs in any text; debug information omits those headers
 * by name.
 */
function valuesOf(ownHeaders: Readonly<Record<string, string>>): string[] {
  return Object.values(ownHeaders).filter((value) => value.length > 3);
}
