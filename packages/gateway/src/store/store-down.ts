/**
 * Whether a failure means that the store cannot be used now: no fault of the request's, and none of the program's. What was to
 * be stored has not been stored, and the same may succeed a little later.
 */

/** Something that the store gave up on, said in its own words. */
export class StoreDownError extends Error {
  override readonly name = 'StoreDownError';
}

/**
 * SQLite's result codes (sqlite.org/rescode.html): held by another connection, a full or failing disk, a file system that has become
 * read-only or gone, no memory.
 */
const SQLITE_DOWN = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;
/**
 * SQLSTATE (PostgreSQL, appendix A): connection, resources (53100 is a full disk), a server that takes no writes after a
 * failover, one that is shutting down or starting, a lock or a statement given up on.
 */
const SQLSTATE_DOWN = /^(?:08\w{3}|53\w{3}|57P0[1-5]|57014|25006|55P03|40001|40P01|58030)$/;
/** Node's names for a network that does not lead there. */
const NETWORK_DOWN = /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** Files beside the database, on a disk that is full, failing or read-only. */
const DISK_DOWN = /^(?:ENOSPC|EDQUOT|EROFS|EIO)$/;
/** The pool and the client of `pg` give these no code. */
const DOWN_IN_WORDS =
  /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout)/;

export function isStoreDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof StoreDownError) return true;
  if (error instanceof AggregateError) return error.errors.some(isStoreDown);
  // The driver of SQLite says ERR_SQLITE_ERROR in `code`, and which one here.
  if (SQLITE_DOWN.test(textOf(error, 'sqliteCodeName'))) return true;
  const code = textOf(error, 'code');
  if (code === 'ENOENT') return textOf(error, 'syscall') === 'connect';
  return SQLSTATE_DOWN.test(code) || NETWORK_DOWN.test(code) || DISK_DOWN.test(code) || DOWN_IN_WORDS.test(error.message);
}

/** Whether SQLite could not begin because another connection holds its lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /^SQLITE_(?:BUSY|LOCKED)/.test(textOf(error, 'sqliteCodeName'));
}

function textOf(error: Error, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}
