import { OperatorError } from '../../kernel/operator-error.ts';

/** A command was called with wrong options or arguments. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}
