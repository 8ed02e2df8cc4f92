/**
 * Text from shops, buyers and other hosts as a terminal may show it. Anyone who creates orders chooses references and details: a control
 * sequence in one would clear the operator's screen or hide rows, and a mark of direction would turn what stands beside it.
 */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** One line of text: every such character is written as its escape, `\u001b`. */
export function inOneLine(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same for text that has lines of its own. JSON keeps its meaning, since these escapes are JSON's. */
export function inLines(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
