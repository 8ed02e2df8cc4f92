import { CallError, type ErrorDetails } from './call-error.ts';

/** No whole answer came: the name did not resolve, nothing listened, TLS failed, or the connection broke. */
export class ConnectionError extends CallError<ErrorDetails & { code?: string | undefined; neverArrived: boolean }> {
  /** The runtime's code, such as `ECONNREFUSED`, where it gave one. */
  declare readonly code?: string;
  /** True when the request surely never reached the server, so that nothing can have been made. */
  declare readonly neverArrived: boolean;

  override get name(): 'ConnectionError' {
    return 'ConnectionError';
  }
}
