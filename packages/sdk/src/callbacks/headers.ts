/**
 * The headers of a request: a `Headers` object, or a plain object with names in any letter case, as Node and the common
 * frameworks have them.
 */
export type CallbackHeaders =
  { get(name: string): string | null | undefined } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Returns a header's value by its lower-case name; empty if it is missing. A list is joined by commas, as `Headers` does. */
export function headerValue(headers: CallbackHeaders, name: string): string {
  // JavaScript callers may pass anything; a value that is not text counts as none.
  const given = Object(headers) as Record<string, unknown> & { get?: ((name: string) => unknown) | string };
  let found = typeof given.get === 'function' ? given.get(name) : given[name];
  // Node writes names in lower case; others may not.
  found ??= Object.entries(given).find(([key]) => key.toLowerCase() === name)?.[1];
  if (Array.isArray(found)) found = found.join();
  return typeof found === 'string' ? found.trim() : '';
}
