/** A stored state that no version of ours has written: the database was changed by hand, or is broken. */
export class CorruptRowError extends Error {
  override readonly name = 'CorruptRowError';
}
