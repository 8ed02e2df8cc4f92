/** Parses the name of a POS or an account: one line of text without invisible characters that could disguise it. */
export const MAX_NAME_CHARACTERS = 64;

/**
 * Control characters, line and paragraph separators, and characters that change the text direction (UAX 9). They are invisible, and can
 * make a name look like another one.
 */
const FORBIDDEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
const VISIBLE = /[^\p{Z}\p{C}\p{M}]/u;

/**
 * @returns The name without surrounding white space.
 * @throws RangeError if the name is not acceptable. The message says what was expected.
 */
export function parseName(text: string): string {
  const name = text.trim();
  if (LONE_SURROGATE.test(name)) throw new RangeError('expected valid Unicode, got half of a surrogate pair');
  const [forbidden] = FORBIDDEN.exec(name) ?? [];
  if (forbidden !== undefined)
    throw new RangeError(`expected one line of text without control characters, got one with ${codePoint(forbidden)}`);
  const { length } = [...name];
  if (length > MAX_NAME_CHARACTERS) throw new RangeError(`expected at most ${MAX_NAME_CHARACTERS} characters, got ${length}`);
  if (!VISIBLE.test(name)) throw new RangeError('expected at least one visible character, got none');
  return name;
}

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
