import { CallError, type ErrorDetails } from './call-error.ts';

/**
 * The call did not end within its `timeoutMs`, or an attempt was abandoned and no time was left for another. What it asked for may
 * have been done. `cause` is why the attempt before failed, where there was one.
 */
export class TimeoutError extends CallError<ErrorDetails & { timeoutMs: number }> {
  /** The time that the call or the attempt had, in milliseconds. */
  declare readonly timeoutMs: number;

  override get name(): 'TimeoutError' {
    return 'TimeoutError';
  }
}
