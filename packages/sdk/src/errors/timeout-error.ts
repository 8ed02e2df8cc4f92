import { CallError, type ErrorDetails } from './call-error.ts';

/** The call did not end within its `timeoutMs`. What it asked for may have been done. */
export class TimeoutError extends CallError<ErrorDetails & { timeoutMs: number }> {
  /** The time that the call had, in milliseconds. */
  declare readonly timeoutMs: number;

  override get name(): 'TimeoutError' {
    return 'TimeoutError';
  }
}
