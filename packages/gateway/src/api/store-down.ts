/** A store that does not answer now: no fault of the request's, and none of the program's. The client is told to try again. */
import { ContractError } from '../services/contract-error.ts';

const RETRY_AFTER_S = 5;
/** By Node's names, SQLite's result codes, and SQLSTATE (PostgreSQL, appendix A): connection, resources, shutting down. */
const DOWN =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|SQLITE_(?:BUSY|LOCKED|FULL)\w*|08\w{3}|53\w{3}|57P0[1-3])$/;
/** The pool and the client of `pg` give these no code. */
const DOWN_IN_WORDS = /^(?:timeout exceeded when trying to connect|Connection terminated)/;

/** @throws ContractError 4006 instead of the store's own error when the store is down; nothing has been stored then. */
export async function refusingWhileStoreIsDown<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isDown(cause)) throw cause;
    throw new ContractError('4006', 'the database does not answer now', { retryAfterS: RETRY_AFTER_S, cause });
  }
}

function isDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDown);
  return ('code' in error && typeof error.code === 'string' && DOWN.test(error.code)) || DOWN_IN_WORDS.test(error.message);
}
