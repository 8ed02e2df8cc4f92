import type { WebposError } from '../errors/webpos-error.ts';

/**
 * What subscribers of the tracing channel `webpos:request` are given: one object for each call, from its start to its end, and one
 * for each login. It never holds an id of an order, a header, a body or a secret.
 */
export interface RequestTrace {
  /** The HTTP method. */
  readonly method: string;
  /** The path with placeholders, such as `/payment-order/{uuid}`; without the query. */
  readonly path: string;
  /** Where the API is. */
  readonly baseUrl: string;
  /** Attempts so far; 0 when the call failed before the first. */
  readonly tries: number;
  /** The HTTP status of the last answer, where one came. */
  readonly status: number | undefined;
  /** The id by which the gateway's log knows the last request. */
  readonly requestId: string | undefined;
  /** How long the whole call took, with its login and its waits, in milliseconds; undefined until its end. */
  readonly durationMs: number | undefined;
  /** Why the call failed. Its message and its `path` name the order. */
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

/** The tracing channel `webpos:request`; undefined where the runtime has none. */
export function requestChannel(): RequestChannel | undefined {
  // Asked for at run time, so that no bundle holds an import of a module that its place may not have.
  const { process } = globalThis as Runtime;
  return process?.getBuiltinModule?.('node:diagnostics_channel')?.tracingChannel?.('webpos:request');
}
