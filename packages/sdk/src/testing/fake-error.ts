import { ERROR_CODES, ERROR_STATUSES, type ErrorCode } from '../wire/index.ts';

/** An error answer of the contract; thrown only within the fake platform. */
export class FakeError extends Error {
  readonly code: ErrorCode;
  readonly errors: Readonly<Record<string, readonly string[]>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string = ERROR_CODES[code],
    extra: { errors?: Readonly<Record<string, readonly string[]>>; allow?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.errors = extra.errors;
    this.headers = {
      ...(extra.allow === undefined ? {} : { allow: extra.allow }),
      ...(code === '2000' || code === '4006' ? { 'retry-after': '0' } : {}),
    };
  }

  /** Makes the answer. */
  toResponse(requestId: string): Response {
    const errors = this.errors === undefined ? {} : { errors: this.errors };
    const body = { error_code: this.code, message: this.message, request_id: requestId, ...errors };
    return Response.json(body, { status: ERROR_STATUSES[this.code], headers: this.headers });
  }
}
