import { CallError } from '../errors/call-error.ts';

/** The server has no feed of events: it is an addition of the WebPOS gateway, and the public platform knows nothing of it. */
export class NoEventFeedError extends CallError {
  override get name(): 'NoEventFeedError' {
    return 'NoEventFeedError';
  }
}
