/** The words of a command are wrong. The message says which, and repeats no value that may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
