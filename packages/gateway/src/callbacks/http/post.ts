/**
 * Makes a POST and reads the beginning of the answer. It uses undici's dispatcher directly: undici's `request` creates a stream for every
 * answer, which doubles the cost. One deadline covers the whole exchange, and an answer that is too long is cut off.
 */
import type { Dispatcher } from 'undici';

/** The part of an answer that was received. */
export interface Answered {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The first bytes of the body. */
  readonly excerpt: Uint8Array;
}

type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];
type Controller = Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>[0];

export interface PostLimits {
  readonly deadlineMs: number;
  /** The exchange ends after this many bytes of the answer's body. */
  readonly maxBytes: number;
  readonly excerptBytes: number;
}

/** The deadline passed before the endpoint had answered. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

type Posted = Pick<Dispatcher.DispatchOptions, 'origin' | 'path'> & {
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** @throws TooLateError at the deadline, and undici's errors if there is no answer at all. */
export function post(dispatcher: Dispatcher, posted: Posted, limits: PostLimits, signal?: AbortSignal): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(limits, resolve, reject);
    if (signal !== undefined) {
      const abort = (): void => exchange.abort(signal.reason as Error);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      // A signal may outlive many attempts, and must not collect their listeners.
      exchange.whenOver(() => signal.removeEventListener('abort', abort));
    }
    try {
      dispatcher.dispatch({ ...posted, method: 'POST' }, exchange);
    } catch (error) {
      exchange.abort(error as Error);
    }
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: PostLimits;
  readonly #resolve: (answered: Answered) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Controller | undefined;
  #answer: Pick<Answered, 'status' | 'headers'> | undefined;
  readonly #excerpt: Uint8Array[] = [];
  #bytes = 0;
  #over = false;
  #whenOver = (): void => {};

  constructor(limits: PostLimits, resolve: (answered: Answered) => void, reject: (error: Error) => void) {
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.abort(new TooLateError('no complete answer in time')), limits.deadlineMs);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new TooLateError('no connection in time'));
  }

  onResponseStart(_: Controller, status: number, headers: AnswerHeaders): void {
    // Ignores interim answers, such as 103.
    if (status >= 200) this.#answer = { status, headers };
  }

  onResponseData(_: Controller, chunk: Uint8Array): void {
    const { maxBytes, excerptBytes } = this.#limits;
    if (this.#bytes < excerptBytes) this.#excerpt.push(chunk.subarray(0, excerptBytes - this.#bytes));
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) this.abort(new Error('the answer is too long'));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_: Controller, error: Error): void {
    this.#end(error);
  }

  whenOver(report: () => void): void {
    this.#whenOver = report;
  }

  /** Ends the exchange and closes the connection. */
  abort(reason: Error): void {
    if (this.#over) return;
    this.#end(reason);
    this.#controller?.abort(reason);
  }

  #end(fault: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#whenOver();
    if (this.#answer !== undefined) this.#resolve({ ...this.#answer, excerpt: Buffer.concat(this.#excerpt) });
    else this.#reject(fault ?? new Error('the answer has no status'));
  }
}
