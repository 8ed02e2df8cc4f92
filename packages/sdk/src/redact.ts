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

/**
 * A copy of a foreign error that is fit to be the `cause` of ours: name, message, code and stack without secrets, and
 * its own causes likewise, five deep. A copy, because a `fetch` of the caller's may throw errors that carry the whole
 * request, headers and all.
 */
export function safeCause(thrown: unknown, redact: Redact, depth = 5): Error | undefined {
  if (thrown == null || depth < 0) return undefined;
  if (!(thrown instanceof Error))
    return new Error(redact(typeof thrown === 'string' ? thrown : `not an error: ${typeof thrown}`));
  const cause = safeCause(thrown.cause ?? firstOf(thrown), redact, depth - 1);
  const copy = new Error(redact(thrown.message), cause && { cause });
  Object.defineProperties(copy, { name: { value: redact(thrown.name) }, stack: { value: redact(thrown.stack ?? '') } });
  const code = codeOf(thrown);
  return code === undefined ? copy : Object.assign(copy, { code: redact(code) });
}

/** The `code` that runtimes put on their errors, such as `ECONNREFUSED`; nothing longer, and no sentence. */
export function codeOf(error: object): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined;
}

/** An AggregateError (Node tries every address of a name) tells its story in `errors`. */
function firstOf(error: Error): unknown {
  return 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
}
