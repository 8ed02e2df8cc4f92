/** Errors for a database that cannot be used as it is, and that callers handle separately. */
import { OperatorError } from '../kernel/operator-error.ts';

/** The database does not exist. */
export class DatabaseMissingError extends OperatorError {
  override readonly name = 'DatabaseMissingError';
}

/** The tables are of an earlier version, and this command may not migrate them. */
export class DatabaseOlderError extends OperatorError {
  override readonly name = 'DatabaseOlderError';
}

/** The database was written by a newer version. */
export class DatabaseNewerError extends OperatorError {
  override readonly name = 'DatabaseNewerError';
}

const CANNOT_WRITE_BESIDE_IT = new Set(['unable to open database file', 'attempt to write a readonly database']);

/** Adds the remedy to SQLite's message, if it could not open a database because it could not write beside it. */
export function openingFailureText(message: string): string {
  if (!CANNOT_WRITE_BESIDE_IT.has(message)) return message;
  return `${message}: SQLite creates a log beside the file even to read it, so the folder must exist and be writable. On a read-only disk, use a copy of the folder elsewhere`;
}
