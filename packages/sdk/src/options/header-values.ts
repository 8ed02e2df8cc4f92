/** Headers that the application sets. */
export type HeaderValues = Headers | Readonly<Record<string, string>>;
