/** Converts anything that was thrown to the error response of the contract. */
import { ERROR_STATUSES, type ErrorBody, type ErrorCode } from '@webpos/sdk/wire';
import { ContractError } from '../contract/contract-error.ts';
import { storeDown } from '../services/store-down.ts';
import { OversizeError } from './refuse-oversize.ts';

/** Fastify's own errors, by code. */
const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string, number?]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['3012', 'Content-Type: expected application/json'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['0001', 'the body is too large', 413],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['0001', 'the length of the body differs from Content-Length'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['0001', 'the body is not valid JSON'],
  FST_ERR_BAD_URL: ['3001', 'the path is invalid'],
  FST_ERR_MAX_PARAM_LENGTH: ['3001', 'nothing exists at this path'],
};

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  /** Whether to log it as a failure of the gateway. A known one needs no stack, and usually affects many requests in a row. */
  readonly failure: 'known' | 'unknown' | undefined;
}

/** @param isLogin Whether the request went to `/token`, which requires Basic credentials instead of a token. */
export function errorAnswer(thrown: unknown, requestId: string, isLogin = false): ErrorAnswer {
  // A client that aborts its connection has the same error code as a lost database connection.
  const error = (isBadRequest(thrown) ? undefined : storeDown(thrown)) ?? thrown;
  if (error instanceof OversizeError) return { ...fromContract(error, requestId, isLogin), status: error.status };
  if (error instanceof ContractError) return fromContract(error, requestId, isLogin);
  const framework = FRAMEWORK[codeOf(error) ?? ''];
  if (framework !== undefined) {
    const [code, message, status] = framework;
    return { ...fromContract(new ContractError(code, message), requestId, isLogin), ...(status === undefined ? {} : { status }) };
  }
  if (isBadRequest(error))
    return fromContract(new ContractError('0001', 'the body cannot be read: expected valid JSON'), requestId, isLogin);
  const body = { error_code: '4000', message: 'InternalServerError: something went wrong here', request_id: requestId };
  return { status: ERROR_STATUSES['4000'], headers: {}, body, failure: 'unknown' };
}

function fromContract(error: ContractError, requestId: string, isLogin: boolean): ErrorAnswer {
  const status = ERROR_STATUSES[error.code];
  const errors =
    error.fields === undefined
      ? {}
      : { errors: Object.fromEntries(Object.entries(error.fields).map(([field, texts]) => [field, [...texts]])) };
  return {
    status,
    headers: {
      ...(status === 401 ? { 'www-authenticate': challenge(error.code, isLogin) } : {}),
      ...(error.retryAfterS === undefined ? {} : { 'retry-after': String(error.retryAfterS) }),
      ...(error.allow === undefined ? {} : { allow: error.allow.join(', ') }),
    },
    body: { error_code: error.code, message: error.message, request_id: requestId, ...errors },
    // The client can only retry; the operator has to fix something.
    failure: error.code === '4006' ? 'known' : undefined,
  };
}

/** Returns the challenge of RFC 7617 for the login, and of RFC 6750 (3.1) otherwise. */
function challenge(code: ErrorCode, isLogin: boolean): string {
  if (isLogin || code === '1001') return 'Basic realm="webpos", charset="UTF-8"';
  return `Bearer realm="webpos"${code === '1004' || code === '1007' ? ', error="invalid_token"' : ''}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the body could not be parsed, which Fastify marks with the status of the error. */
function isBadRequest(error: unknown): boolean {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}
