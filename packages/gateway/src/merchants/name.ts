/** Parses the name of a merchant, a POS or an account. */
import { parseLine } from './line.ts';

export const MAX_NAME_CHARACTERS = 64;

/**
 * @returns The name without surrounding white space.
 * @throws RangeError if the name is not acceptable. The message says what was expected.
 */
export function parseName(text: string): string {
  return parseLine(text, MAX_NAME_CHARACTERS);
}
