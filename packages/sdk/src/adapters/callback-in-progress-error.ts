import { WebposError } from '../errors/webpos-error.ts';

/**
 * Another process is handling this very callback, and nobody knows yet whether it will succeed. Answer with 409, as every adapter
 * does, so that the sender tries again; it then either counts as handled, or is handled anew.
 */
export class CallbackInProgressError extends WebposError {
  constructor() {
    super('callback: another process is handling it');
  }

  override get name(): 'CallbackInProgressError' {
    return 'CallbackInProgressError';
  }
}
