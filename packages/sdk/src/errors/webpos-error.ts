// A registered symbol, so that two copies of this package in one program recognise each other's errors.
const BRAND = Symbol.for('@webpos/sdk/error');

/** The failed request and its answer, for a bug report. Every secret is replaced by `[redacted]`. */
export interface DebugInfo {
  request: { method: string; url: string; headers: Record<string, string>; body?: string };
  /** Selected headers, and the first 2000 characters of the body; missing if there was no answer. */
  response?: { status: number; headers: Record<string, string>; body: string };
}

/**
 * The base class of every error that this library throws. No error contains the secret or a token: not in its message, fields,
 * JSON or cause.
 *
 * @example
 * try {
 *   await client.getPaymentOrder(uuid);
 * } catch (error) {
 *   if (isWebposError(error)) log.warn(error.toJSON());
 * }
 */
export class WebposError extends Error {
  // `declare`, so that an unknown field is absent. `CallError` sets the fields; a configuration error has none of them.
  /** `GET`, `POST` and so on. */
  declare readonly method?: string;
  /** The path below the base URL, without the query. */
  declare readonly path?: string;
  /** The HTTP status of the answer, if there was one. */
  declare readonly status?: number;
  /** The platform's code, such as `3001`. */
  declare readonly errorCode?: string;
  /** The request's id in the gateway's log. */
  declare readonly requestId?: string;
  /** How long to wait before the next attempt, in milliseconds, as the server or a proxy asked. */
  declare readonly retryAfterMs?: number;
  /** How many attempts the call made. */
  declare readonly tries?: number;
  /** The `Idempotency-Key` of a call that creates an order; with it, the same order may be created again. */
  declare readonly idempotencyKey?: string;
  /**
   * Whether a call that creates an order may have created it. False if nothing was sent, if no attempt arrived, or if the API
   * refused every attempt; true after any other failure. Missing for other calls, and for calls refused before sending.
   */
  declare readonly orderMayExist?: boolean;

  /** The failed request and its answer, if there was a request. Not enumerable, so that it is not logged by accident. */
  declare readonly debugInfo?: DebugInfo;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, BRAND, { value: true });
  }

  // A getter that returns a literal: right in the first line of the stack, and after a minifier has renamed the class.
  override get name(): string {
    return 'WebposError';
  }

  /** Returns the name, the message and the fields for a log, without the stack and the cause. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/** Returns whether a value is an error of this library, from this copy of it or another. */
export function hasBrand(value: unknown): value is WebposError {
  return (Object(value) as Record<symbol, unknown>)[BRAND] === true;
}
