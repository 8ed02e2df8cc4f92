/** Parses the accent colour of a merchant. The pages adjust it so that text stays readable. */

/**
 * @returns `#rrggbb` in lower case.
 * @throws RangeError if the text is not a colour in hexadecimal notation.
 */
export function parseAccent(text: string): string {
  if (/^#[\da-f]{6}$/i.test(text)) return text.toLowerCase();
  throw new RangeError(`expected a colour such as #0c5a46, got ${shown(text)}`);
}

function shown(text: string): string {
  return /^[\w#().,% -]{0,30}$/.test(text) ? JSON.stringify(text) : 'something else';
}
