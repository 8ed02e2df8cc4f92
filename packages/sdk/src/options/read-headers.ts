import type { HeaderValues } from './header-values.ts';

// RFC 9110, 5.1 and 5.5: a token, and the visible characters of Latin-1 with spaces and tabs.
const NAME = /^[!#-'*+.^`|~\w-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Reads headers as `new Headers` does, but also where a program hides that global, as the environments of Jest 27 do.
 *
 * @returns the values by lower-case name.
 * @throws TypeError for an invalid header.
 */
export function readHeaders(given: HeaderValues): Record<string, string> {
  const headers: Record<string, string> = {};
  const add = (value: unknown, name: string): void => {
    const text = typeof value === 'string' ? value.trim() : '\0';
    if (!NAME.test(name) || !VALUE.test(text)) throw new TypeError('invalid header');
    headers[name.toLowerCase()] = text;
  };
  if (isHeaders(given)) given.forEach(add);
  else for (const [name, value] of Object.entries(given)) add(value, name);
  return headers;
}

function isHeaders(given: HeaderValues): given is Headers {
  return typeof given.forEach === 'function';
}
