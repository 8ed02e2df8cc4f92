import { WebposError } from '../errors/webpos-error.ts';

/**
 * Another process is handling the same callback and has not finished. Answer with 409, as every adapter does, so that the
 * callback is sent again; by then it has either been handled, or it is handled again.
 *
 * @example
 * if (isWebposError(error) && error.name === 'CallbackInProgressError') return new Response('in_progress', { status: 409 });
 */
export class CallbackInProgressError extends WebposError {
  constructor() {
    super('callback: another process is handling it');
  }

  override get name(): 'CallbackInProgressError' {
    return 'CallbackInProgressError';
  }
}
