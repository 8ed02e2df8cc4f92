import { type Redact, redactor } from './redact.ts';

/**
 * Hides the secrets of one request: that of the POS, what the Authorization header holds, what the application sends with every
 * request, and the headers of the call.
 */
export function requestRedactor(
  { secret, ownHeaders }: { secret: string; ownHeaders: Readonly<Record<string, string>> },
  authorization: string,
  headers: Readonly<Record<string, string>>,
): Redact {
  // Made when something is to be hidden: most calls never need it.
  return (text) => redactor([secret, authorization.split(' ')[1] ?? '', ...secretsOf(headers), ...valuesOf(ownHeaders)])(text);
}

/** The headers of a call count as secret, except ids of requests and traces, and what is too short. */
function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    /trace|-id$|^user-agent$/.test(name) || value.length < 8 ? [] : value,
  );
}

/** Each value, unless it is so short that it stands in any text: debug information leaves those out by their names. */
function valuesOf(ownHeaders: Readonly<Record<string, string>>): string[] {
  return Object.values(ownHeaders).filter((value) => value.length > 3);
}
