import type { WebposError } from '../errors/webpos-error.ts';

/** One attempt of a request, as hooks see it. It contains no order id, header, body or secret. */
export interface AttemptEvent {
  /** The HTTP method. */
  readonly method: string;
  /** The path with placeholders, such as `/payment-order/{uuid}`; without the base URL and the query. */
  readonly path: string;
  /** The number of the attempt, from 1. */
  readonly tries: number;
}

/** The result of an attempt. */
export interface ResponseEvent extends AttemptEvent {
  /** The HTTP status; undefined if there was no complete answer. */
  readonly status: number | undefined;
  /** The request's id in the gateway's log, if the answer had one. */
  readonly requestId: string | undefined;
  /** How long the attempt took, in milliseconds. */
  readonly durationMs: number;
  /** Why the attempt failed; undefined if it succeeded. Its message and its `path` contain the order's id. */
  readonly error: WebposError | undefined;
}

/** The attempt that follows a failed one. */
export interface RetryEvent extends AttemptEvent {
  /** The delay before it, in milliseconds. */
  readonly delayMs: number;
  /** Why the previous attempt failed. */
  readonly error: WebposError;
}

/**
 * Functions called while requests are sent, the login included. They change nothing: if one throws or rejects, the first failure
 * is logged and the request goes on. Not available in browser bundles.
 *
 * @example
 * new Client({ ...options, onRetry: ({ method, path, tries, error }) => log.warn({ method, path, tries, code: error.name }) });
 */
export interface Hooks {
  /** Called before each attempt. */
  onRequest?: ((event: AttemptEvent) => unknown) | undefined;
  /** Called after each attempt, successful or not. */
  onResponse?: ((event: ResponseEvent) => unknown) | undefined;
  /** Called before the delay of a retry; `tries` is the number of the coming attempt. */
  onRetry?: ((event: RetryEvent) => unknown) | undefined;
}
