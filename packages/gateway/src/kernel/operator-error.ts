/**
 * An error that the operator can fix. Its message says what was expected and what was found, holds no secret, and is shown without a
 * stack.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}
