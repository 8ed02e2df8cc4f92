/**
 * One POST and the start of its answer, by undici's dispatcher itself: its `request` makes a stream of every answer and listens to a
 * signal, which costs as much again. Everything together has one deadline, and an answer that is too long is broken off.
 */
import type { Dispatcher } from 'undici';

/** What has come of an answer; its end may be missing. */
export interface Answered {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Its first bytes. */
  readonly start: Uint8Array;
}

type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];
type Controller = Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>[0];

export interface PostLimits {
  readonly deadlineMs: number;
  /** Of the answer's body. */
  readonly maxBytes: number;
  /** How many of them are kept. */
  readonly startBytes: number;
}

/** There was no answer within the time. */
export class TooLateError extends Error {
  override readonly name = 'TooLateError';
}

type Posted = Pick<Dispatcher.DispatchOptions, 'origin' | 'path'> & {
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** @throws TooLateError, or what undici says when there is no answer at all. */
export function post(dispatcher: Dispatcher, posted: Posted, limits: PostLimits, signal?: AbortSignal): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(limits, resolve, reject);
    if (signal !== undefined) {
      const breakOff = (): void => exchange.breakOff(signal.reason as Error);
      if (signal.aborted) return breakOff();
      signal.addEventListener('abort', breakOff, { once: true });
      // A signal may outlive very many attempts.
      exchange.whenOver(() => signal.removeEventListener('abort', breakOff));
    }
    try {
      dispatcher.dispatch({ ...posted, method: 'POST' }, exchange);
    } catch (error) {
      exchange.breakOff(error as Error);
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
  readonly #start: Uint8Array[] = [];
  #bytes = 0;
  #over = false;
  #whenOver = (): void => {};

  constructor(limits: PostLimits, resolve: (answered: Answered) => void, reject: (error: Error) => void) {
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.breakOff(new TooLateError('no whole answer in time')), limits.deadlineMs);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new TooLateError('there was no connection in time'));
  }

  onResponseStart(_: Controller, status: number, headers: AnswerHeaders): void {
    // What comes before the answer itself, as 103 does.
    if (status >= 200) this.#answer = { status, headers };
  }

  onResponseData(_: Controller, chunk: Uint8Array): void {
    const { maxBytes, startBytes } = this.#limits;
    if (this.#bytes < startBytes) this.#start.push(chunk.subarray(0, startBytes - this.#bytes));
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) this.breakOff(new Error('the answer is too long'));
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

  /** Closes the connection. */
  breakOff(reason: Error): void {
    if (this.#over) return;
    this.#end(reason);
    this.#controller?.abort(reason);
  }

  #end(fault: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#whenOver();
    if (this.#answer !== undefined) this.#resolve({ ...this.#answer, start: Buffer.concat(this.#start) });
    else this.#reject(fault ?? new Error('the answer has no status'));
  }
}
