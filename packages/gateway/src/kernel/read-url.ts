/**
 * Parses a URL; returns undefined if the text is not one.
 *
 * `URL.canParse` would be shorter, but it has a bug in Node 20: once a function that calls it has run a few thousand times, it returns
 * false for every URL with a letter such as `ü`.
 */
export function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
