/** A row that no version of the gateway writes: the database was edited or is damaged. */
export class CorruptRowError extends Error {
  override readonly name = 'CorruptRowError';
}
