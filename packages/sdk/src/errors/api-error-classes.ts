import type { ErrorCode } from '../wire/errors.ts';
import { ApiError, type ApiErrorDetails } from './api-error.ts';
import {
  AccessTokenExpiredError,
  ForbiddenError,
  FunctionalityDownError,
  InternalServerError,
  InvalidAcceptHeaderError,
  InvalidAccessTokenError,
  InvalidAuthorizationHeaderError,
  InvalidCallbackError,
  InvalidContentTypeHeaderError,
  InvalidGrantTypeError,
  InvalidRealmError,
  InvalidRefreshTokenError,
  InvalidScopeError,
  MethodNotAllowedError,
  NotFoundError,
  RateUnavailableError,
  TooManyRequestsError,
  UnauthorizedClientError,
} from './api-errors.ts';
import { ValidationError } from './validation-error.ts';

type ApiErrorClass = new (message: string, details: ApiErrorDetails) => ApiError;

/** The error class of every code of the contract. A code without a class does not compile. */
export const API_ERROR_CLASSES: Readonly<Record<ErrorCode, ApiErrorClass>> = {
  '0001': ValidationError,
  '0013': InvalidCallbackError,
  '1001': UnauthorizedClientError,
  '1002': InvalidGrantTypeError,
  '1004': AccessTokenExpiredError,
  '1006': InvalidRefreshTokenError,
  '1007': InvalidAccessTokenError,
  '1012': ForbiddenError,
  '1013': InvalidScopeError,
  '1018': InvalidRealmError,
  '2000': TooManyRequestsError,
  '3001': NotFoundError,
  '3003': MethodNotAllowedError,
  '3007': InvalidAuthorizationHeaderError,
  '3012': InvalidContentTypeHeaderError,
  '3013': InvalidAcceptHeaderError,
  '4000': InternalServerError,
  '4003': RateUnavailableError,
  '4006': FunctionalityDownError,
};

/** Makes the error of a code: of its own class, or a plain {@link ApiError} if this version does not know the code. */
export function apiError(message: string, details: ApiErrorDetails): ApiError {
  const known = Object.hasOwn(API_ERROR_CLASSES, details.errorCode);
  const ErrorClass = known ? API_ERROR_CLASSES[details.errorCode as ErrorCode] : ApiError;
  return new ErrorClass(message, details);
}
