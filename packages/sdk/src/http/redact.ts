/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that replaces every given secret by `[redacted]`, in whatever form a page, a log or an error may show it:
 * as it is, or with its marks escaped as URLs, JSON and HTML do.
 */
export function redactor(secrets: readonly string[]): Redact {
  // Longest first: a secret that contains another one must not be half replaced.
  const forms = secrets.filter(Boolean).toSorted((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const hidden = new RegExp(forms.map((secret) => Array.from(secret, anyForm).join('')).join('|'), 'gi');
  return (text) => text.replace(hidden, '[redacted]');
}

/**
 * A pattern for a character in each of its forms; letters and digits have but one. Any entity or escape of the right length
 * stands for any mark, which hides too much rather than too little. Each has a bounded length, so that no text is slow to read.
 */
function anyForm(char: string): string {
  if (/\w/.test(char)) return char;
  const bytes = new TextEncoder().encode(char).length;
  // JSON within JSON has several backslashes, and PHP writes one before a slash.
  return `(?:\\\\{0,3}\\${char}|(?:%[\\da-f]{2}){${bytes}}|(?:\\\\{1,2}u[\\da-f]{4}){${char.length}}|&#?\\w{1,9};)`;
}
