import { type ErrorDetails, WebposError } from './webpos-error.ts';

/** The call did not end within its `timeoutMs`. What it asked for may have been done. */
export class TimeoutError extends WebposError {
  /** The time that the call had, in milliseconds. */
  readonly timeoutMs: number;

  constructor(message: string, details: ErrorDetails & { timeoutMs: number }) {
    super(message, details);
    this.timeoutMs = details.timeoutMs;
  }

  override get name(): 'TimeoutError' {
    return 'TimeoutError';
  }
}
