/**
 * The headers of a request: a `Headers` object, or a plain object with names in any letter case, as Node and the
 * common frameworks give them.
 */
export type CallbackHeaders =
  { get(name: string): string | null | undefined } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header, by its name in lower case. Several are joined by commas, as `Headers` does it. */
export function headerValue(headers: CallbackHeaders, name: string): string | undefined {
  const found = hasGet(headers)
    ? headers.get(name)
    : Object.entries(headers ?? {}).flatMap(([key, value]) => (key.toLowerCase() === name ? value : []));
  // JavaScript callers hand over anything; what is not text is no header.
  const text = [found]
    .flat()
    .filter((value) => typeof value === 'string')
    .join()
    .trim();
  return text === '' ? undefined : text;
}

function hasGet(headers: CallbackHeaders): headers is { get(name: string): string | null | undefined } {
  return typeof headers?.['get'] === 'function';
}
