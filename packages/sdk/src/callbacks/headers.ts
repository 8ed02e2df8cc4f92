/**
 * The headers of a request: a `Headers` object, or a plain object with names in any letter case, as Node and the
 * common frameworks give them.
 */
export type CallbackHeaders =
  { get(name: string): string | null | undefined } | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header, by its name in lower case. A list of values is joined by commas, as `Headers` does it. */
export function headerValue(headers: CallbackHeaders, name: string): string | undefined {
  const found: unknown = hasGet(headers) ? headers.get(name) : (headers?.[name] ?? inAnyCase(headers, name));
  const text: unknown = Array.isArray(found) ? found.join() : found;
  // JavaScript callers hand over anything; what is not text is no header.
  return typeof text === 'string' ? text.trim() || undefined : undefined;
}

/** Node writes names in lower case; others may not. */
function inAnyCase(headers: CallbackHeaders, name: string): unknown {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

function hasGet(headers: CallbackHeaders): headers is { get(name: string): string | null | undefined } {
  return typeof headers?.['get'] === 'function';
}
