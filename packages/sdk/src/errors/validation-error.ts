import { ApiError, type ApiErrorDetails } from './api-error.ts';

/** 0001: a field of the request is not as the contract wants it. Thrown by the server, and by this library before sending. */
export class ValidationError extends ApiError {
  /** What is wrong, by the name of the field, in the server's own shape. Empty when a server did not say. */
  declare readonly errors: Readonly<Record<string, readonly string[]>>;

  constructor(message: string, details: ApiErrorDetails) {
    super(message, { ...details, errors: details.errors ?? {} });
  }

  override get name(): 'ValidationError' {
    return 'ValidationError';
  }
}
