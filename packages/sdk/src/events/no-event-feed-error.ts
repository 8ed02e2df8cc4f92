import { CallError } from '../errors/call-error.ts';

/**
 * The server has no event feed: only WebPOS gateways have one, and the public platform does not.
 *
 * @example
 * if (isWebposError(error) && error.name === 'NoEventFeedError') await readEachOrder();
 */
export class NoEventFeedError extends CallError {
  override get name(): 'NoEventFeedError' {
    return 'NoEventFeedError';
  }
}
