import type { Problems } from '../checks/check-fields.ts';
import { ERROR_STATUSES, type ErrorCode } from '../wire/index.ts';

/** An error answer of the contract; thrown only within the fake platform. */
export class FakeError extends Error {
  readonly #code: ErrorCode;
  readonly #extra: FakeErrorExtra;

  constructor(code: ErrorCode, message: string, extra: FakeErrorExtra = {}) {
    super(message);
    this.#code = code;
    this.#extra = extra;
  }

  /** Makes the answer. */
  toResponse(requestId: string): Response {
    const { errors, allow } = this.#extra;
    const headers: Record<string, string> = {};
    if (allow !== undefined) headers['allow'] = allow;
    if (this.#code === '2000' || this.#code === '4006') headers['retry-after'] = '0';
    // JSON has no undefined fields.
    const body = { error_code: this.#code, message: this.message, request_id: requestId, errors };
    return Response.json(body, { status: ERROR_STATUSES[this.#code], headers });
  }
}

interface FakeErrorExtra {
  /** The problems by field. */
  errors?: Readonly<Record<string, readonly string[]>>;
  /** The methods that the path has. */
  allow?: string;
}

/** Makes an error 0001 of the problems by field. */
export function invalid(problems: Problems): FakeError {
  const wrong = Object.entries(problems).filter(([, problem]) => problem);
  const errors = Object.fromEntries(wrong.map(([field, problem]) => [field, [String(problem)]]));
  return new FakeError('0001', `invalid fields: ${Object.keys(errors).join(', ')}`, { errors });
}

/** Refuses an invalid request. @throws FakeError 0001 if there are problems. */
export function refuseInvalid(problems: Problems): void {
  if (Object.values(problems).some(Boolean)) throw invalid(problems);
}
