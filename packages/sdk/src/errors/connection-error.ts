import { CallError, type ErrorDetails } from './call-error.ts';

/**
 * There was no complete answer: the name did not resolve, nothing listened, TLS failed, or the connection broke.
 *
 * @example
 * if (isWebposError(error) && error.name === 'ConnectionError' && error.neverArrived) tryAnotherGateway();
 */
export class ConnectionError extends CallError<
  ErrorDetails & Pick<ConnectionError, 'kind' | 'neverArrived'> & { code?: string | undefined }
> {
  /**
   * `unreached`: no connection was made. `tls`: the two sides could not agree on a secure connection, so another attempt will
   * fail too. `broken`: anything else.
   */
  declare readonly kind: 'unreached' | 'tls' | 'broken';
  /** The runtime's code, such as `ECONNREFUSED`, if there is one. */
  declare readonly code?: string;
  /** True if the request surely never reached the server, so that it had no effect. */
  declare readonly neverArrived: boolean;

  override get name(): 'ConnectionError' {
    return 'ConnectionError';
  }
}
