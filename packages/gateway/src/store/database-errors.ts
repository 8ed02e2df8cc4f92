/** Why a database cannot be used as it is, for anyone who does something about it. */
import { OperatorError } from '../kernel/operator-error.ts';

/** There is no database where one was expected. */
export class DatabaseMissingError extends OperatorError {
  override readonly name = 'DatabaseMissingError';
}

/** The tables are of an earlier version, and may not be changed now. */
export class DatabaseOlderError extends OperatorError {
  override readonly name = 'DatabaseOlderError';
}

/** A newer version has written the database. */
export class DatabaseNewerError extends OperatorError {
  override readonly name = 'DatabaseNewerError';
}
