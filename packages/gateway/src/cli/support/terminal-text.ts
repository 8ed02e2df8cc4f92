/**
 * Makes text from shops, buyers and other hosts safe to print. Shops choose references and details: a control sequence in one could clear
 * the operator's screen or hide rows, and a direction mark could reorder the text next to it.
 */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Returns one line of text with every unsafe character escaped, such as `\u001b`. */
export function inOneLine(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** Escapes the same characters except line breaks and tabs. JSON keeps its meaning, because the escapes are JSON's own. */
export function inLines(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
