/** The platform's error codes and their names. */
export const ERROR_CODES = {
  '0001': 'ValidationError',
  '0013': 'InvalidCallback',
  '1001': 'UnauthorizedClient',
  '1002': 'InvalidGrantType',
  '1004': 'AccessTokenExpired',
  '1006': 'InvalidRefreshToken',
  '1007': 'InvalidAccessToken',
  '1012': 'Forbidden',
  '1013': 'InvalidScope',
  '1018': 'InvalidRealm',
  '2000': 'TooManyRequests',
  '3001': 'NotFound',
  '3003': 'MethodNotAllowed',
  '3007': 'InvalidAuthorizationHeader',
  '3012': 'InvalidContentTypeHeader',
  '3013': 'InvalidAcceptHeader',
  '4000': 'InternalServerError',
  '4003': 'RateUnavailable',
  '4006': 'FunctionalityDown',
} as const;

/** A four-digit error code of the contract. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The HTTP status of each code from a WebPOS gateway; the public platform may use others. */
export const ERROR_STATUSES: Readonly<Record<ErrorCode, number>> = {
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

/** The name of an error of the contract. */
export type ErrorName = (typeof ERROR_CODES)[ErrorCode];

/** The body of every answer with a status of 300 or above. */
export interface ErrorBody {
  /** One of {@link ERROR_CODES}; a string of digits, so that a future code still parses. */
  error_code: string;
  /** What went wrong, in English, for a developer. */
  message: string;
  /** The id that is also in the answer's `X-Request-Id` header. */
  request_id: string;
  /** With code 0001 from a WebPOS gateway: the problems of each field. */
  errors?: Record<string, string[]>;
}
