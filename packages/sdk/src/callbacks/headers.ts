/**
 * The headers of a request: a `Headers` object, or a plain object with names in any letter case, as Node and the
 * common frameworks give them.
 */
export type CallbackHeaders =
  { get(name: string): string | null | undefined } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** All values of a header, by its name in lower case. */
export function headerValues(headers: CallbackHeaders, name: string): string[] {
  // JavaScript callers hand over anything; what is not text is no header.
  const entries = hasGet(headers) ? [[name, headers.get(name)] as const] : Object.entries(headers ?? {});
  return entries
    .flatMap(([key, value]) => (key.toLowerCase() === name ? value : []))
    .filter((value) => typeof value === 'string');
}

function hasGet(headers: CallbackHeaders): headers is { get(name: string): string | null | undefined } {
  return typeof headers?.['get'] === 'function';
}
