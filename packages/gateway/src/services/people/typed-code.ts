/** Codes that people type: letters and digits that do not look alike, in groups of four. */
import { randomInt } from 'node:crypto';

/** Crockford's base 32, without letters that look like other letters or digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Returns a random code, of five bits a character. */
export function newTypedCode(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/** Groups a code as it is shown, such as `7K2Q-9XFM-2TRC`. */
export function shownCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** Returns the code that somebody typed, however it was grouped and capitalised. */
export function typedCode(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
