import { CallError, type ErrorDetails } from './call-error.ts';

/** What an {@link ApiError} is made of. */
export interface ApiErrorDetails extends ErrorDetails {
  errorCode: string;
  /** What is wrong, by the name of the field. */
  errors?: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * The server refused, with an error of the contract. Each code has a class of its own; a code that this version does
 * not know comes as a plain `ApiError`.
 */
export class ApiError extends CallError<ApiErrorDetails> {
  declare readonly errorCode: string;

  override get name(): string {
    return 'ApiError';
  }
}
