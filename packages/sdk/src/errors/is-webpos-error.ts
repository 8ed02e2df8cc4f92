import type { CallbackInProgressError } from '../adapters/callback-in-progress-error.ts';
import type { CallbackError } from '../callbacks/callback-error.ts';
import type { EventsPrunedError } from '../events/events-pruned-error.ts';
import type { NoEventFeedError } from '../events/no-event-feed-error.ts';
import type { AbortError } from './abort-error.ts';
import type { ApiError } from './api-error.ts';
import type * as api from './api-errors.ts';
import type { ConfigurationError } from './configuration-error.ts';
import type { ConnectionError } from './connection-error.ts';
import type { TimeoutError } from './timeout-error.ts';
import type { UnexpectedAnswerError } from './unexpected-answer-error.ts';
import type { ValidationError } from './validation-error.ts';
import { hasBrand } from './webpos-error.ts';

/** Every error of this library. Distinguish them by `name`; a plain `ApiError` has a code that this version does not know. */
export type AnyWebposError =
  | (ApiError & { readonly name: 'ApiError' })
  | InstanceType<(typeof api)[keyof typeof api]>
  | ValidationError
  | AbortError
  | ConfigurationError
  | ConnectionError
  | TimeoutError
  | UnexpectedAnswerError
  | CallbackError
  | CallbackInProgressError
  | NoEventFeedError
  | EventsPrunedError;

/**
 * Returns whether a value is an error of this library, and narrows its type by `name`. Unlike `instanceof`, it also works if a
 * program contains two copies of the package, such as an ES module and a CommonJS one.
 *
 * @example
 * if (isWebposError(error) && error.name === 'TimeoutError') retryAfter(error.timeoutMs);
 */
export function isWebposError(value: unknown): value is AnyWebposError {
  return hasBrand(value);
}
