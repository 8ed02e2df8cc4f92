/** The options of a command are wrong. The message names the option, and repeats no value that may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
