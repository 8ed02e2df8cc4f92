import { CallError, type ErrorDetails } from './call-error.ts';

/**
 * The call exceeded its `timeoutMs`, or an attempt was abandoned with no time left for another. The request may have taken
 * effect. `cause` is the failure of the previous attempt, if there was one.
 *
 * @example
 * if (isWebposError(error) && error.name === 'TimeoutError') log.warn(`no answer within ${error.timeoutMs} ms`);
 */
export class TimeoutError extends CallError<ErrorDetails & { timeoutMs: number }> {
  /** The time limit of the call or the attempt, in milliseconds. */
  declare readonly timeoutMs: number;

  override get name(): 'TimeoutError' {
    return 'TimeoutError';
  }
}
