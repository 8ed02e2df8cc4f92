import { OperatorError } from '../../kernel/operator-error.ts';

export type PeopleRefusal = 'login_taken' | 'last_owner' | 'unknown';

/** A change of people that is refused. */
export class PeopleError extends OperatorError {
  override readonly name = 'PeopleError';
  readonly reason: PeopleRefusal;

  constructor(reason: PeopleRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}
