import { type ErrorDetails, WebposError } from './webpos-error.ts';

/** No whole answer came: the name did not resolve, nothing listened, TLS failed, or the connection broke. */
export class ConnectionError extends WebposError {
  /** The runtime's code, such as `ECONNREFUSED`, where it gave one. */
  declare readonly code?: string;
  /** True when the request surely never reached the server, so that nothing can have been made. */
  readonly neverArrived: boolean;

  constructor(message: string, details: ErrorDetails & { code?: string | undefined; neverArrived: boolean }) {
    super(message, details);
    if (details.code !== undefined) this.code = details.code;
    this.neverArrived = details.neverArrived;
  }

  override get name(): 'ConnectionError' {
    return 'ConnectionError';
  }
}
