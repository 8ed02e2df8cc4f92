import { CallError, type ErrorDetails } from './call-error.ts';

/** No whole answer came: the name did not resolve, nothing listened, TLS failed, or the connection broke. */
export class ConnectionError extends CallError<
  ErrorDetails & Pick<ConnectionError, 'kind' | 'neverArrived'> & { code?: string | undefined }
> {
  /**
   * `unreached`: no connection was ever made. `tls`: the two sides could not agree on a safe connection, and will not at another
   * attempt. `broken`: anything else.
   */
  declare readonly kind: 'unreached' | 'tls' | 'broken';
  /** The runtime's code, such as `ECONNREFUSED`, where it gave one. */
  declare readonly code?: string;
  /** True when the request surely never reached the server, so that nothing can have been made. */
  declare readonly neverArrived: boolean;

  override get name(): 'ConnectionError' {
    return 'ConnectionError';
  }
}
