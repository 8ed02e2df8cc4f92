import { OperatorError } from '../../kernel/operator-error.ts';

/** The words of a command are not what it takes. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}
