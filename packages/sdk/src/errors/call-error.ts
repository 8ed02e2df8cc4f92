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
  /** What led to this error; see `safeCause`. */
  cause?: unknown;
}

/** The base of the errors of a call: its details become fields of the same names. */
export class CallError<Details extends ErrorDetails = ErrorDetails> extends WebposError {
  /** @param details what is undefined leaves no field. */
  constructor(message: string, { cause, ...details }: Details) {
    super(message, cause ? { cause } : undefined);
    Object.assign(this, Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)));
  }
}
