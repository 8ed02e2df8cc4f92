// A registered symbol: two copies of this package in one program still know each other's errors.
const BRAND = Symbol.for('@webpos/sdk/error');

/** The request that failed and what came back, with `[redacted]` for every secret. For a bug report. */
export interface DebugInfo {
  request: { method: string; url: string; headers: Record<string, string>; body?: string };
  /** Some of the headers, and the first 2000 characters of the body; missing when no answer came. */
  response?: { status: number; headers: Record<string, string>; body: string };
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
  // `declare`: a field that is not known is absent. `CallError` sets them; a wrong option fails before any call.
  /** `GET`, `POST` and so on. */
  declare readonly method?: string;
  /** The path below the base URL, without the query. */
  declare readonly path?: string;
  /** The HTTP status of the answer, where one came. */
  declare readonly status?: number;
  /** The platform's code, such as `3001`. */
  declare readonly errorCode?: string;
  /** The id by which the gateway's log knows the request. */
  declare readonly requestId?: string;
  /** How long the answer asked to wait before the next attempt, in milliseconds; from the server or a proxy. */
  declare readonly retryAfterMs?: number;
  /** How many attempts the call had made. */
  declare readonly tries?: number;
  /** The `Idempotency-Key` of a call that creates an order; with it you may create the same order again. */
  declare readonly idempotencyKey?: string;
  /**
   * Whether a call that creates an order may have created it. False where nothing was sent, where no attempt arrived, and where the
   * API refused them all; true after anything else. Missing for other calls, and for what was refused before it was sent.
   */
  declare readonly orderMayExist?: boolean;

  /** Where a request was under way. Not enumerable, so that no log holds it by accident. */
  declare readonly debugInfo?: DebugInfo;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, BRAND, { value: true });
  }

  // A getter with a literal: right in the stack's first line, and right after a minifier renamed the class.
  override get name(): string {
    return 'WebposError';
  }

  /** The name, the message and the fields, for a log; not the stack and not the cause. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/** Says whether a value is an error of this library, of this copy of it or of another. */
export function hasBrand(value: unknown): value is WebposError {
  return (Object(value) as Record<symbol, unknown>)[BRAND] === true;
}
