/** A whole string, or a number outside of one. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON with its numbers as the strings that they are written as, so that no price goes through a float.
 *
 * @throws SyntaxError when the text is not JSON.
 * @example parseJsonNumbersAsText('{"last": 57204.10}') // { last: '57204.10' }
 */
export function parseJsonNumbersAsText(text: string): unknown {
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}
