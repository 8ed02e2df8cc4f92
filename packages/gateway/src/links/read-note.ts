/** Reads the note of a buyer, which becomes the order's `details`. */

export const MAX_NOTE_CHARACTERS = 300;

/** Characters that cannot be stored, that are invisible, or that change the direction of the text around them; line breaks may stay. */
const REMOVED = /[\p{Surrogate}\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/gu;

/** @returns null for an empty note; undefined if it is too long. */
export function readBuyerNote(given: string): string | null | undefined {
  const note = given.replaceAll(/\r\n?/g, '\n').replaceAll(REMOVED, '').trim();
  if (note === '') return null;
  return [...note].length > MAX_NOTE_CHARACTERS ? undefined : note;
}
