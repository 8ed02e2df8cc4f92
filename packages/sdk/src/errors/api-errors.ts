import { ApiError } from './api-error.ts';

/** 0013: the event cannot follow from the current state of the order (sandbox). */
export class InvalidCallbackError extends ApiError {
  override get name(): 'InvalidCallbackError' {
    return 'InvalidCallbackError';
  }
}

/** 1001: the client id is unknown, or the secret is wrong. */
export class UnauthorizedClientError extends ApiError {
  override get name(): 'UnauthorizedClientError' {
    return 'UnauthorizedClientError';
  }
}

/** 1002: the login asked for an unsupported grant type. */
export class InvalidGrantTypeError extends ApiError {
  override get name(): 'InvalidGrantTypeError' {
    return 'InvalidGrantTypeError';
  }
}

/** 1004: the token has expired; thrown only if a new token was refused too. */
export class AccessTokenExpiredError extends ApiError {
  override get name(): 'AccessTokenExpiredError' {
    return 'AccessTokenExpiredError';
  }
}

/** 1006: the refresh token is unknown. */
export class InvalidRefreshTokenError extends ApiError {
  override get name(): 'InvalidRefreshTokenError' {
    return 'InvalidRefreshTokenError';
  }
}

/** 1007: the token is unknown; thrown only if a new token was refused too. */
export class InvalidAccessTokenError extends ApiError {
  override get name(): 'InvalidAccessTokenError' {
    return 'InvalidAccessTokenError';
  }
}

/** 1012: this client is not allowed to do that. */
export class ForbiddenError extends ApiError {
  override get name(): 'ForbiddenError' {
    return 'ForbiddenError';
  }
}

/** 1013: the login asked for an unsupported scope. */
export class InvalidScopeError extends ApiError {
  override get name(): 'InvalidScopeError' {
    return 'InvalidScopeError';
  }
}

/** 1018: the client belongs to another realm. */
export class InvalidRealmError extends ApiError {
  override get name(): 'InvalidRealmError' {
    return 'InvalidRealmError';
  }
}

/** 2000: too many requests; `retryAfterMs` says how long to wait, in milliseconds. */
export class TooManyRequestsError extends ApiError {
  override get name(): 'TooManyRequestsError' {
    return 'TooManyRequestsError';
  }
}

/** 3001: the order does not exist, or belongs to another client. */
export class NotFoundError extends ApiError {
  override get name(): 'NotFoundError' {
    return 'NotFoundError';
  }
}

/** 3003: the path does not support this method. */
export class MethodNotAllowedError extends ApiError {
  override get name(): 'MethodNotAllowedError' {
    return 'MethodNotAllowedError';
  }
}

/** 3007: the Authorization header is missing or malformed. */
export class InvalidAuthorizationHeaderError extends ApiError {
  override get name(): 'InvalidAuthorizationHeaderError' {
    return 'InvalidAuthorizationHeaderError';
  }
}

/** 3012: the Content-Type is not supported. */
export class InvalidContentTypeHeaderError extends ApiError {
  override get name(): 'InvalidContentTypeHeaderError' {
    return 'InvalidContentTypeHeaderError';
  }
}

/** 3013: the Accept header asks for an unsupported type. */
export class InvalidAcceptHeaderError extends ApiError {
  override get name(): 'InvalidAcceptHeaderError' {
    return 'InvalidAcceptHeaderError';
  }
}

/** 4000: the server failed. */
export class InternalServerError extends ApiError {
  override get name(): 'InternalServerError' {
    return 'InternalServerError';
  }
}

/** 4003: there is no exchange rate at present, so no order was created. */
export class RateUnavailableError extends ApiError {
  override get name(): 'RateUnavailableError' {
    return 'RateUnavailableError';
  }
}

/** 4006: this part of the service is down; `retryAfterMs` says how long to wait, in milliseconds. */
export class FunctionalityDownError extends ApiError {
  override get name(): 'FunctionalityDownError' {
    return 'FunctionalityDownError';
  }
}
