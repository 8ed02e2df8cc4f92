const CANNOT_WRITE = new Set(['unable to open database file', 'attempt to write a readonly database']);

/** Adds the remedy to SQLite's message, if it could not open a database because it could not write beside it. */
export function openingFailureText(message: string): string {
  if (!CANNOT_WRITE.has(message)) return message;
  return `${message}: SQLite creates a log beside the file even to read it, so the folder must exist and be writable. On a read-only disk, use a copy of the folder elsewhere`;
}
