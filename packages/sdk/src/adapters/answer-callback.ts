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
 * Acts on a callback. Once it is done, the callback counts as received; when it throws, the callback will come again.
 *
 * @param callback what happened, and the order.
 * @param delivery the same with what its signature says of how it was sent.
 */
export type HandleCallback = (callback: ReceivedCallback, delivery: Delivery) => void | Promise<void>;

/** What every adapter takes. */
export interface AdapterOptions {
  /** How many bytes a body may have. Default: 262144, some fifty times as many as a usual callback. */
  maxBodyBytes?: number | undefined;
  /**
   * Receives the error of everything that was not answered with 204. Default: `console.error` for what was answered with 500, and at
   * most every ten minutes for a callback that has a signature and was refused: the secret may be wrong. What strangers send without
   * one is answered and no more.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** What to answer a request with. */
export interface CallbackAnswer {
  status: 204 | 400 | 409 | 413 | 500;
  /** Plain text; empty for 204. */
  text: string;
}

/** What an adapter has of a request. */
export interface CallbackRequest {
  headers: CallbackHeaders;
  /** Reads the raw body; answers what the framework made of it where it is too late for that. */
  readBody: () => Promise<unknown>;
  /** Where errors go when there is no `onError`. */
  report?: Report;
}

type Report = (error: unknown, status: number) => void;

/** Takes one request from its headers to the answer. It never throws. */
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
      // What hears of errors must not stand in the way of the answer.
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
    const error = new CallbackError('too_large', 'the body has more bytes than it may have');
    return answer(413, 'too_large', error, mayBeOurFault());
  }
  try {
    const delivery = await callbacks.receive(headers, body as RawBody);
    await handle(delivery.callback, delivery);
    return { status: 204, text: '' };
  } catch (error) {
    if (isWebposError(error) && error.name === 'CallbackInProgressError') return answer(409, 'in_progress', error, false);
    // A body that was parsed too early is this side's mistake: its own people should hear of it, and the sender try again.
    if (!(error instanceof CallbackError) || error.problem === 'no_raw_body') return answer(500, 'not_handled', error, true);
    return answer(400, error.problem, error, error.problem !== 'missing_signature' && mayBeOurFault());
  }
}

const REFUSALS_PAUSE_MS = 600_000;
const refusalReportedAtMs = new WeakMap<CallbackHandler, number>();

/** Anyone can send a wrong signature: a log must not be filled by that, and a shop with a wrong secret must see it there. */
function mayReportRefusal(callbacks: CallbackHandler): boolean {
  const nowMs = Date.now();
  // A clock that was set back must not silence it.
  if (Math.abs(nowMs - (refusalReportedAtMs.get(callbacks) ?? -Infinity)) < REFUSALS_PAUSE_MS) return false;
  refusalReportedAtMs.set(callbacks, nowMs);
  return true;
}

const REFUSED =
  'A WebPOS callback was refused. Where it came from your gateway, check the secret (reported every 10 minutes at most):';

function print(error: unknown, status: number): void {
  const what = status === 500 ? 'A WebPOS callback was answered with 500 and will come again:' : REFUSED;
  // oxlint-disable-next-line no-console -- or a mistake in the shop's own code would never be seen
  console.error(what, error);
}
