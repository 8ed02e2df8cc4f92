import { ERROR_CODES, type ErrorCode } from '../wire/index.ts';

/** The HTTP status of each code, as a WebPOS gateway answers it. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  '0001': 400,
  '0013': 400,
  '1001': 401,
  '1002': 400,
  '1004': 401,
  '1006': 401,
  '1007': 401,
  '1012': 403,
  '1013': 400,
  '1018': 403,
  '2000': 429,
  '3001': 404,
  '3003': 405,
  '3007': 401,
  '3012': 415,
  '3013': 406,
  '4000': 500,
  '4003': 503,
  '4006': 503,
};

/** An answer of the contract that is an error; thrown within the fake platform alone. */
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

  /** The answer that it stands for. */
  toResponse(requestId: string): Response {
    const errors = this.errors === undefined ? {} : { errors: this.errors };
    const body = { error_code: this.code, message: this.message, request_id: requestId, ...errors };
    return Response.json(body, { status: STATUS[this.code], headers: this.headers });
  }
}
