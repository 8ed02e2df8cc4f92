import { CallError, type ErrorDetails } from './call-error.ts';

/** The details of an {@link ApiError}. */
export interface ApiErrorDetails extends ErrorDetails {
  errorCode: string;
  /** The problems of each field, by its name. */
  errors?: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * The server refused the request with an error of the contract. Each code has a class of its own; a code that this version does
 * not know is a plain `ApiError`.
 *
 * @example
 * if (error instanceof ApiError) log.warn(error.errorCode, error.message); // such as 3001
 */
export class ApiError extends CallError<ApiErrorDetails> {
  declare readonly errorCode: string;

  override get name(): string {
    return 'ApiError';
  }
}
