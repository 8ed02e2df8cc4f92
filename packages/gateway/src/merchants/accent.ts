/** The colour of a merchant, as it is stored. What the pages make of it, so that all can read them, is theirs. */

/**
 * @returns `#rrggbb` in lower case.
 * @throws RangeError that says what it must be.
 */
export function parseAccent(text: string): string {
  if (/^#[\da-f]{6}$/i.test(text)) return text.toLowerCase();
  throw new RangeError(`expected a colour such as #0c5a46, got ${shown(text)}`);
}

function shown(text: string): string {
  return /^[\w#().,% -]{0,30}$/.test(text) ? JSON.stringify(text) : 'something else';
}
