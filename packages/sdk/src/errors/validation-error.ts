import { ApiError, type ApiErrorDetails } from './api-error.ts';

/**
 * 0001: a field of the request violates the contract. Thrown by the server, and by this library before sending.
 *
 * @example
 * if (isWebposError(error) && error.name === 'ValidationError') showProblems(error.errors); // { amount: ['must be …'] }
 */
export class ValidationError extends ApiError {
  /** The problems of each field, by its name, in the server's own shape. Empty if the server named none. */
  declare readonly errors: Readonly<Record<string, readonly string[]>>;

  constructor(message: string, details: ApiErrorDetails) {
    super(message, { ...details, errors: details.errors ?? {} });
  }

  override get name(): 'ValidationError' {
    return 'ValidationError';
  }
}
