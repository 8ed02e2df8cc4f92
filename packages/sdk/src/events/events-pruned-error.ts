import { ApiError, type ApiErrorDetails } from '../errors/api-error.ts';

/**
 * The gateway does not store all the events after this cursor any more: it keeps events only for the time that its operator has set.
 * Read the orders that may have changed since, then continue after `resumeAfter`.
 *
 * @example
 * if (isWebposError(error) && error.name === 'EventsPrunedError') {
 *   await checkOpenOrders();
 *   await storeCursor(error.resumeAfter);
 * }
 */
export class EventsPrunedError extends ApiError {
  /** The cursor after which every event is stored. */
  readonly resumeAfter: string;

  constructor(message: string, { resumeAfter, ...details }: ApiErrorDetails & { resumeAfter: string }) {
    super(message, details);
    this.resumeAfter = resumeAfter;
  }

  override get name(): 'EventsPrunedError' {
    return 'EventsPrunedError';
  }
}
