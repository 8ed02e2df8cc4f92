import { WebposError } from './webpos-error.ts';

/** What an error knows about the failed call. Every field may be missing. */
export interface ErrorDetails {
  /** `GET`, `POST` and so on. */
  method?: string | undefined;
  /** The path below the base URL, without the query. */
  path?: string | undefined;
  /** The HTTP status of the answer, if there was one. */
  status?: number | undefined;
  /** The platform's code, such as `3001`. */
  errorCode?: string | undefined;
  /** The request's id in the gateway's log. */
  requestId?: string | undefined;
  /** How long to wait before the next attempt, as the answer asked, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** What led to this error; see `safeCause`. */
  cause?: unknown;
}

/** The base class of the errors of a call, with its details as fields. */
export class CallError<Details extends ErrorDetails = ErrorDetails> extends WebposError {
  /**
   * @param message follows the method and the path, if known.
   * @param details an undefined detail adds no field.
   */
  constructor(message: string, { cause, ...details }: Details) {
    super(details.path ? `${details.method} ${details.path}: ${message}` : message, (cause as object | undefined) && { cause });
    // JSON has no undefined fields.
    Object.assign(this, JSON.parse(JSON.stringify(details)) as object);
  }
}

/** Copies an error with all its fields. */
export function copyOf(error: CallError): CallError {
  const copy = new (error.constructor as typeof CallError)('', {});
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
}
