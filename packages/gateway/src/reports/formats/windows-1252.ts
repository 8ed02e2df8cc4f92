/** Encodes text in Windows-1252. A character that it does not have becomes a question mark. */
const FROM_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const BYTES: ReadonlyMap<string, number> = new Map(Array.from(FROM_80, (character, at) => [character, 0x80 + at]));
const QUESTION_MARK = 0x3f;

export function windows1252(text: string): Uint8Array {
  const characters = Array.from(text);
  const bytes = new Uint8Array(characters.length);
  for (const [at, character] of characters.entries()) {
    const code = character.codePointAt(0) ?? QUESTION_MARK;
    bytes[at] = BYTES.get(character) ?? (code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : QUESTION_MARK);
  }
  return bytes;
}
