import type { WebposError } from '../errors/webpos-error.ts';

/** One attempt of a request, as hooks see it. It never holds an id of an order, a header, a body or a secret. */
export interface AttemptEvent {
  /** The HTTP method. */
  readonly method: string;
  /** The path with placeholders, such as `/payment-order/{uuid}`; without the base URL and the query. */
  readonly path: string;
  /** 1 for the first attempt of the request. */
  readonly tries: number;
}

/** What came of an attempt. */
export interface ResponseEvent extends AttemptEvent {
  /** The HTTP status; undefined when no whole answer came. */
  readonly status: number | undefined;
  /** The id by which the gateway's log knows the request, where an answer had one. */
  readonly requestId: string | undefined;
  /** How long the attempt took, in milliseconds. */
  readonly durationMs: number;
  /** Why the attempt failed; undefined when it did not. Its message and its `path` name the order. */
  readonly error: WebposError | undefined;
}

/** An attempt that is about to follow a failed one. */
export interface RetryEvent extends AttemptEvent {
  /** How long the client waits before it, in milliseconds. */
  readonly delayMs: number;
  /** Why the attempt before failed. */
  readonly error: WebposError;
}

/**
 * Functions that are called while requests are sent, the login included. They change nothing: one that throws, or returns a
 * promise that rejects, is reported to the `logger` once, and the request goes on. Not for bundles that run in browsers.
 *
 * @example
 * new Client({ ...options, onRetry: ({ method, path, tries, error }) => log.warn({ method, path, tries, code: error.name }) });
 */
export interface Hooks {
  /** Called before each attempt. */
  onRequest?: ((event: AttemptEvent) => unknown) | undefined;
  /** Called after each attempt, whatever came of it. */
  onResponse?: ((event: ResponseEvent) => unknown) | undefined;
  /** Called before the wait for another attempt; `tries` is the number of that one. */
  onRetry?: ((event: RetryEvent) => unknown) | undefined;
}
