import { CallbackError, type CallbackHandler, type CallbackHeaders, type Delivery, type RawBody } from '../callbacks/index.ts';
import type { ReceivedCallback } from '../callbacks/index.ts';
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
   * Hears of everything that was not answered with 204. Default: `console.error` for what was answered with 500; what
   * strangers send is answered and no more.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** What to answer a request with. */
export interface CallbackAnswer {
  status: 204 | 400 | 413 | 500;
  /** Plain text; empty for 204. */
  text: string;
}

/** What an adapter has of a request. */
export interface CallbackRequest {
  headers: CallbackHeaders;
  /** Reads the raw body; answers what the framework made of it where it is too late for that. */
  readBody: () => Promise<unknown>;
  /** Where an error goes that was answered with 500, when there is no `onError`. */
  report?: (error: unknown) => void;
}

/** Takes one request from its headers to the answer. It never throws. */
export async function answerCallback(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  { headers, readBody, onError, report = print }: CallbackRequest & AdapterOptions,
): Promise<CallbackAnswer> {
  const refuse = (status: 400 | 413, text: string, error: unknown): CallbackAnswer => answer(status, text, error, onError);
  let body: unknown;
  try {
    body = await readBody();
  } catch (error) {
    return refuse(400, 'unreadable_body', error);
  }
  if (body === TOO_LARGE)
    return refuse(413, 'too_large', new CallbackError('too_large', 'the body has more bytes than it may have'));
  try {
    const delivery = await callbacks.receive(headers, body as RawBody);
    await handle(delivery.callback, delivery);
    return { status: 204, text: '' };
  } catch (error) {
    // A body that was parsed too early is this side's mistake: its own people should hear of it, and the sender try again.
    const isTheirs = error instanceof CallbackError && error.problem !== 'no_raw_body';
    return isTheirs ? refuse(400, error.problem, error) : answer(500, 'not_handled', error, onError ?? report);
  }
}

function answer(status: 400 | 413 | 500, text: string, error: unknown, tell?: (error: unknown) => void): CallbackAnswer {
  try {
    tell?.(error);
  } catch {
    // What hears of errors must not stand in the way of the answer.
  }
  return { status, text };
}

function print(error: unknown): void {
  // oxlint-disable-next-line no-console -- or a mistake in the shop's own code would never be seen
  console.error('A WebPOS callback was answered with 500 and will come again:', error);
}
