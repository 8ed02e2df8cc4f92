/** An error that is sent to the client with an error code of the contract. */
import { ERROR_CODES, type ErrorCode } from '@webpos/sdk/wire';

/** The problems of each invalid field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export interface ContractErrorDetails {
  readonly fields?: FieldErrors;
  readonly retryAfterS?: number;
  readonly allow?: readonly string[];
  readonly cause?: unknown;
}

export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: ErrorCode;
  readonly fields: FieldErrors | undefined;
  /** Seconds to wait before a retry, if a retry can help. */
  readonly retryAfterS: number | undefined;
  /** The HTTP methods that the path allows. */
  readonly allow: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, details: ContractErrorDetails = {}) {
    super(`${ERROR_CODES[code]}: ${message}`, { cause: details.cause });
    this.code = code;
    this.fields = details.fields;
    this.retryAfterS = details.retryAfterS;
    this.allow = details.allow;
  }
}

/** Makes the error for a request with invalid fields: code 0001. */
export function validationError(fields: FieldErrors): ContractError {
  const [first = 'the request is invalid'] = Object.entries(fields).map(([field, problems]) => `${field} ${problems.join(', ')}`);
  return new ContractError('0001', first, { fields });
}
