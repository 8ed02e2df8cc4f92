/** An error that a client gets as a code of the contract. */
import { ERROR_CODES, type ErrorCode } from '@webpos/sdk/wire';

/** What is wrong, by the name of the field. */
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
  /** Seconds after which to try again, where that helps. */
  readonly retryAfterS: number | undefined;
  /** The methods that the path does take. */
  readonly allow: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, details: ContractErrorDetails = {}) {
    super(`${ERROR_CODES[code]}: ${message}`, { cause: details.cause });
    this.code = code;
    this.fields = details.fields;
    this.retryAfterS = details.retryAfterS;
    this.allow = details.allow;
  }
}

/** The error of a body with wrong fields: code 0001. */
export function validationError(fields: FieldErrors): ContractError {
  const [first = 'the request is not valid'] = Object.entries(fields).map(
    ([field, problems]) => `${field} ${problems.join(', ')}`,
  );
  return new ContractError('0001', first, { fields });
}
