/**
 * Recognises errors that mean that the store is unavailable: a fault of neither the request nor the program. The same operation may
 * succeed later. Nothing was stored, unless the error arrived during a commit: then only a look at the store tells.
 */

/** The store itself gave up on an operation. */
export class StoreDownError extends Error {
  override readonly name = 'StoreDownError';
}

/**
 * Result codes of SQLite (sqlite.org/rescode.html): locked by another connection, disk full or failing, file system read-only or gone,
 * out of memory.
 */
const SQLITE_DOWN = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;
/**
 * SQLSTATE codes (PostgreSQL, appendix A): connection errors, resources (53100 is a full disk), a server that is read-only after a
 * failover, shutting down or starting, locks or statements that timed out, and names of statements that a pooler has lost or mixed up.
 */
const SQLSTATE_DOWN = /^(?:08\w{3}|53\w{3}|57P0[1-5]|57014|25006|55P03|40001|40P01|58030|26000|42P05)$/;
/** Node's codes for an unreachable server. */
const NETWORK_DOWN = /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** Codes for files beside the database, on a disk that is full, failing or read-only. */
const DISK_DOWN = /^(?:ENOSPC|EDQUOT|EROFS|EIO)$/;
/** Errors of the pool and the client of `pg` that have no code. */
const MESSAGE_DOWN =
  /^(?:timeout expired|Connection terminated|Client (?:has encountered a connection error|was closed)|Query read timeout)/;

export function isStoreDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof StoreDownError) return true;
  if (error instanceof AggregateError) return error.errors.some(isStoreDown);
  // The SQLite driver always sets `code` to ERR_SQLITE_ERROR; the result code is in `sqliteCodeName`.
  if (SQLITE_DOWN.test(textOf(error, 'sqliteCodeName'))) return true;
  const code = textOf(error, 'code');
  if (code === 'ENOENT') return textOf(error, 'syscall') === 'connect';
  return SQLSTATE_DOWN.test(code) || NETWORK_DOWN.test(code) || DISK_DOWN.test(code) || MESSAGE_DOWN.test(error.message);
}

/** Whether SQLite failed because another connection holds its lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /^SQLITE_(?:BUSY|LOCKED)/.test(textOf(error, 'sqliteCodeName'));
}

/** Whether SQLite failed because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && textOf(error, 'sqliteCodeName') === 'SQLITE_FULL';
}

function textOf(error: Error, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}
