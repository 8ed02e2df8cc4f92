/** Parses one line of text without invisible characters that could disguise it. */

/**
 * Control characters, line and paragraph separators, and characters that change the text direction (UAX 9). They are invisible, and can
 * make a name look like another one.
 */
const FORBIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
const VISIBLE = /[^\p{Z}\p{C}\p{M}]/u;

/**
 * @returns The line without surrounding white space.
 * @throws RangeError if the line is not acceptable. The message says what was expected.
 */
export function parseLine(text: string, maxCharacters: number): string {
  const line = text.trim();
  if (LONE_SURROGATE.test(line)) throw new RangeError('expected valid Unicode, got half of a surrogate pair');
  const [forbidden] = FORBIDDEN.exec(line) ?? [];
  if (forbidden !== undefined)
    throw new RangeError(`expected one line of text without control characters, got one with ${codePoint(forbidden)}`);
  const { length } = [...line];
  if (length > maxCharacters) throw new RangeError(`expected at most ${maxCharacters} characters, got ${length}`);
  if (!VISIBLE.test(line)) throw new RangeError('expected at least one visible character, got none');
  return line;
}

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
