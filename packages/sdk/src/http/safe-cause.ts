import type { Redact } from './redact.ts';

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
