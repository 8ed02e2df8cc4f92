import { CallError } from './call-error.ts';

/**
 * The caller's AbortSignal ended the call; `cause` is the signal's reason. The request may have taken effect.
 *
 * @example
 * if (isWebposError(error) && error.name === 'AbortError') return; // the buyer left the page
 */
export class AbortError extends CallError {
  override get name(): 'AbortError' {
    return 'AbortError';
  }
}
