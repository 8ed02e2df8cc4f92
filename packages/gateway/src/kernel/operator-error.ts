/**
 * An error that the operator can mend: its message names what was expected and what came, holds no secret, and
 * is all that needs to be shown.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}
