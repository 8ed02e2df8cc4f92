/**
 * The URL that a text is, or undefined.
 *
 * `URL.canParse` would be shorter, but Node 20 gets it wrong: once a function that calls it has run some thousand times, it
 * answers false to every URL with a letter such as `ü` in it.
 */
export function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
