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
