import type { Redact } from './redact.ts';

/**
 * Copies a foreign error for use as a `cause`: name, message, code and stack without secrets, and its causes likewise, five
 * levels deep. A copy, because the errors of a caller's `fetch` may carry the whole request with its headers.
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

/** Returns the `code` that runtimes set on their errors, such as `ECONNREFUSED`; undefined if it is long or a sentence. */
export function codeOf(error: object): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined;
}

/** Returns the first cause of an AggregateError, which Node throws after trying every address of a name. */
function firstOf(error: Error): unknown {
  return 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
}
