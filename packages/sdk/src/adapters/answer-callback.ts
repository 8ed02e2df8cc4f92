import {
  CallbackError,
  type CallbackHandler,
  type CallbackHeaders,
  type Delivery,
  isWebposError,
  type RawBody,
  type ReceivedCallback,
} from '../callbacks/index.ts';
import { TOO_LARGE } from './bounded-body.ts';

/**
 * Acts on a callback. If it returns, the callback is acknowledged; if it throws or rejects, the callback will be sent again.
 *
 * @param callback the event and the order.
 * @param delivery the same callback, with its id and its time of sending if a signature covers them.
 * @example
 * const handle: HandleCallback = async ({ event, object }) => {
 *   if (event === 'payment.completed') await markPaid(object.uuid);
 * };
 */
export type HandleCallback = (callback: ReceivedCallback, delivery: Delivery) => void | Promise<void>;

/** The options that every adapter takes. */
export interface AdapterOptions {
  /** The maximum size of a body in bytes. Default: 262144, about fifty times the size of a typical callback. */
  maxBodyBytes?: number | undefined;
  /**
   * Receives the error behind every answer other than 204. Default: `console.error` for every 500, and, at most once in ten
   * minutes, for a callback with a signature that was refused, because the secret may be wrong. A request without a signature is
   * refused silently.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** The answer to a request. */
export interface CallbackAnswer {
  status: 204 | 400 | 409 | 413 | 500;
  /** Plain text, such as `wrong_signature`; empty for 204. */
  text: string;
}

/** What an adapter takes from a request. */
export interface CallbackRequest {
  headers: CallbackHeaders;
  /** Reads the raw body. If the framework has consumed it already, resolves to whatever the framework made of it. */
  readBody: () => Promise<unknown>;
  /** Logs errors if there is no `onError`. */
  report?: Report;
}

type Report = (error: unknown, status: number) => void;

/** Answers one request. It never throws. */
export async function answerCallback(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  { headers, readBody, onError, report = print }: CallbackRequest & AdapterOptions,
): Promise<CallbackAnswer> {
  const answer = (status: 400 | 409 | 413 | 500, text: string, error: unknown, isReported: boolean): CallbackAnswer => {
    try {
      if (onError) onError(error);
      else if (isReported) report(error, status);
    } catch {
      // A failing error handler must not prevent the answer.
    }
    return { status, text };
  };
  let body: unknown;
  try {
    body = await readBody();
  } catch (error) {
    return answer(400, 'unreadable_body', error, false);
  }
  const mayBeOurFault = (): boolean => !onError && mayReportRefusal(callbacks);
  if (body === TOO_LARGE) {
    const error = new CallbackError('too_large', 'the body is too large');
    return answer(413, 'too_large', error, mayBeOurFault());
  }
  try {
    const delivery = await callbacks.receive(headers, body as RawBody);
    await handle(delivery.callback, delivery);
    return { status: 204, text: '' };
  } catch (error) {
    if (isWebposError(error) && error.name === 'CallbackInProgressError') return answer(409, 'in_progress', error, false);
    // A body that was parsed too early is a mistake of the shop: log it, and have the callback sent again.
    if (!(error instanceof CallbackError) || error.problem === 'no_raw_body') return answer(500, 'not_handled', error, true);
    return answer(400, error.problem, error, error.problem !== 'missing_signature' && mayBeOurFault());
  }
}

const REFUSALS_PAUSE_MS = 600_000;
const refusalReportedAtMs = new WeakMap<CallbackHandler, number>();

/** Limits the log: anyone can send wrong signatures, but a shop with a wrong secret must see them. */
function mayReportRefusal(callbacks: CallbackHandler): boolean {
  const nowMs = Date.now();
  // The absolute value, because the clock may be set back.
  if (Math.abs(nowMs - (refusalReportedAtMs.get(callbacks) ?? -Infinity)) < REFUSALS_PAUSE_MS) return false;
  refusalReportedAtMs.set(callbacks, nowMs);
  return true;
}

const REFUSED = 'A WebPOS callback was refused. If your gateway sent it, check the secret (logged once in 10 minutes):';

function print(error: unknown, status: number): void {
  const what = status === 500 ? 'A WebPOS callback was answered with 500 and will be sent again:' : REFUSED;
  // oxlint-disable-next-line no-console -- otherwise a mistake in the shop's own code would stay unseen
  console.error(what, error);
}
