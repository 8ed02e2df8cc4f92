import { CallError } from './call-error.ts';

/** The caller's own AbortSignal ended the call; `cause` is the signal's reason. What it asked for may have been done. */
export class AbortError extends CallError {
  override get name(): 'AbortError' {
    return 'AbortError';
  }
}
