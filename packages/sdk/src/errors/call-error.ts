import { WebposError } from './webpos-error.ts';

/** What an error knows of the call that failed. All of it may be missing. */
export interface ErrorDetails {
  /** `GET`, `POST` and so on. */
  method?: string | undefined;
  /** The path below the base URL, without the query. */
  path?: string | undefined;
  /** The HTTP status of the answer, where one came. */
  status?: number | undefined;
  /** The platform's code, such as `3001`. */
  errorCode?: string | undefined;
  /** The id by which the gateway's log knows the request. */
  requestId?: string | undefined;
  /** How long the answer asked to wait before the next attempt, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** What led to this error; see `safeCause`. */
  cause?: unknown;
}

/** The base of the errors of a call: its details become fields of the same names. */
export class CallError<Details extends ErrorDetails = ErrorDetails> extends WebposError {
  /**
   * @param message follows the method and the path, where they are known.
   * @param details what is undefined leaves no field.
   */
  constructor(message: string, { cause, ...details }: Details) {
    super(details.path ? `${details.method} ${details.path}: ${message}` : message, (cause as object | undefined) && { cause });
    Object.assign(this, Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)));
  }
}

/** A copy of an error, with all of its fields. */
export function copyOf(error: CallError): CallError {
  const copy = new (error.constructor as typeof CallError)('', {});
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
}
