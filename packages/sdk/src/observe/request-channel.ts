import type { WebposError } from '../errors/webpos-error.ts';

/**
 * The context of the tracing channel `webpos:request`: one object per call, from its start to its end, and one per login. It
 * contains no order id, header, body or secret.
 */
export interface RequestTrace {
  /** The HTTP method. */
  readonly method: string;
  /** The path with placeholders, such as `/payment-order/{uuid}`; without the query. */
  readonly path: string;
  /** The base URL of the API. */
  readonly baseUrl: string;
  /** The number of attempts so far; 0 if the call failed before the first. */
  readonly tries: number;
  /** The HTTP status of the last answer, if there was one. */
  readonly status: number | undefined;
  /** The last request's id in the gateway's log. */
  readonly requestId: string | undefined;
  /** The duration of the whole call, with its login and its waits, in milliseconds; undefined until its end. */
  readonly durationMs: number | undefined;
  /** Why the call failed. Its message and its `path` contain the order's id. */
  readonly error?: WebposError;
}

/** The part of a `TracingChannel` that this library uses. */
export interface RequestChannel {
  readonly hasSubscribers?: boolean;
  tracePromise<T>(work: () => Promise<T>, trace: RequestTrace): Promise<T>;
}

interface Runtime {
  process?: {
    getBuiltinModule?(name: 'node:diagnostics_channel'): { tracingChannel?(name: string): RequestChannel } | undefined;
  };
}

/** Returns the tracing channel `webpos:request`; undefined if the runtime has none. */
export function requestChannel(): RequestChannel | undefined {
  // Loaded at run time, so that bundles import no module that may be missing.
  const { process } = globalThis as Runtime;
  return process?.getBuiltinModule?.('node:diagnostics_channel')?.tracingChannel?.('webpos:request');
}
