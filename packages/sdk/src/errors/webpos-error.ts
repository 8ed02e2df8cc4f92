// A registered symbol: two copies of this package in one program still know each other's errors.
const BRAND = Symbol.for('@webpos/sdk/error');

/** What an error knows of the call that failed. All of it may be missing: a wrong option fails before any call. */
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

/**
 * The base of every error that this library throws. No error holds the secret or a token: not in its message, its
 * fields, its JSON or its cause.
 *
 * @example
 * try {
 *   await client.getPaymentOrder(uuid);
 * } catch (error) {
 *   if (isWebposError(error)) log.warn(error.toJSON());
 * }
 */
export class WebposError extends Error {
  // `declare`: a field that is not known is absent, and a subclass cannot wipe what this constructor has set.
  declare readonly method?: string;
  declare readonly path?: string;
  declare readonly status?: number;
  declare readonly errorCode?: string;
  declare readonly requestId?: string;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    Object.defineProperty(this, BRAND, { value: true });
    if (details.method !== undefined) this.method = details.method;
    if (details.path !== undefined) this.path = details.path;
    if (details.status !== undefined) this.status = details.status;
    if (details.errorCode !== undefined) this.errorCode = details.errorCode;
    if (details.requestId !== undefined) this.requestId = details.requestId;
  }

  // A getter with a literal: right in the stack's first line, and right after a minifier renamed the class.
  override get name(): string {
    return 'WebposError';
  }

  /** The name, the message and the fields, for a log; not the stack and not the cause. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}

/**
 * Says whether a value is an error of this library. Unlike `instanceof` it also works when a program holds two
 * copies of the package, such as an ESM and a CommonJS one.
 *
 * @example
 * if (isWebposError(error) && error.errorCode === '3001') return notFound();
 */
export function isWebposError(value: unknown): value is WebposError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}
