/** Removes secrets from a text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that replaces every secret by `[redacted]`, literally or with its punctuation escaped as in URLs, JSON and
 * HTML.
 */
export function redactor(secrets: readonly string[]): Redact {
  // Longest first, so that a secret that contains another one is replaced whole.
  const forms = secrets.filter(Boolean).toSorted((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const hidden = new RegExp(forms.map((secret) => Array.from(secret, anyForm).join('')).join('|'), 'gi');
  return (text) => text.replace(hidden, '[redacted]');
}

/**
 * Makes a pattern for all forms of a character; letters and digits have only one. Any escape of the right length matches any
 * punctuation, because redacting too much is better than too little. The length of each form is bounded, so that no text is slow
 * to match.
 */
function anyForm(char: string): string {
  if (/\w/.test(char)) return char;
  const bytes = new TextEncoder().encode(char).length;
  // JSON within JSON has several backslashes, and PHP escapes slashes.
  return `(?:\\\\{0,3}\\${char}|(?:%[\\da-f]{2}){${bytes}}|(?:\\\\{1,2}u[\\da-f]{4}){${char.length}}|&#?\\w{1,9};)`;
}
