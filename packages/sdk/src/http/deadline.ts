import { onAbort } from '#runtime';
import { AbortError, TimeoutError } from '../errors/index.ts';
import { MAX_TIMEOUT_MS } from './max-timeout.ts';

/** The time limit of a call, and the ways to end it early. */
export interface DeadlineOptions {
  /** The time limit of the whole call in milliseconds: login, attempts, waits and bodies. */
  timeoutMs: number;
  /** The caller's signal. */
  signal?: AbortSignal | undefined;
  /** The deadline of the call, if this is the deadline of one attempt: it ends both. */
  outer?: Deadline | undefined;
}

/** The deadline of one call or attempt: its time limit, or the caller's signal. */
export interface Deadline {
  /** Adds what was under way to the error. */
  describe?: (error: AbortError | TimeoutError) => void;
  /** Called at the end, for a transport that does not need `signal`, the most expensive part of a deadline. */
  onOver?: (error: AbortError | TimeoutError) => void;
  /** Returns a signal instead of calling `onOver`. */
  signal(): AbortSignal;
  /** In the time of `performance.now`, which is monotonic. */
  readonly endsAtMs: number;
  /** Called before each step. @throws AbortError or TimeoutError if the deadline is over. */
  check(): void;
  /** Waits, but not beyond the end. */
  sleep(delayMs: number): Promise<void>;
}

/**
 * Works under a deadline and settles when it is over, so that a `fetch` that ignores its signal cannot hold up a call. Abandoned
 * work stops at its next `check` or `sleep`.
 *
 * @param call named in the errors.
 * @param goal what did not arrive in time.
 * @throws AbortError if the caller aborted, TimeoutError if the time is over.
 */
export function withDeadline<T>(
  { method, path }: { method: string; path: string },
  { timeoutMs, signal, outer }: DeadlineOptions,
  work: (deadline: Deadline) => Promise<T>,
  goal = 'complete answer',
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over: AbortError | TimeoutError | undefined;
    let pause: ReturnType<typeof setTimeout> | undefined;
    const deadline: Deadline = {
      endsAtMs: performance.now() + timeoutMs,
      signal: () => {
        const controller = new AbortController();
        deadline.onOver = aborterOf(controller);
        if (over) controller.abort();
        return controller.signal;
      },
      check: () => {
        if (over) throw over;
      },
      sleep: (delayMs) => {
        deadline.check();
        return new Promise((wake) => (pause = setTimeout(wake, Math.min(delayMs, MAX_TIMEOUT_MS))));
      },
    };
    // Must run at the end, or the timer would stay.
    const close = (): void => {
      clearTimeout(timer);
      clearTimeout(pause);
      leave?.();
    };
    const end = (error: AbortError | TimeoutError): void => {
      over = error;
      close();
      deadline.describe?.(error);
      reject(error);
      deadline.onOver?.(error);
    };
    const abort = (): void => end(new AbortError('aborted by the caller', { method, path, cause: signal?.reason }));
    const timer = setTimeout(
      () => end(new TimeoutError(`no ${goal} within ${timeoutMs} ms`, { method, path, timeoutMs })),
      timeoutMs,
    );
    const leave = signal && onAbort(signal, abort);
    if (outer) outer.onOver = end;
    if (signal?.aborted) return abort();
    const working = work(deadline);
    // Costs less than `finally`, which makes five promises.
    working.then(close, close);
    working.then(resolve, reject);
  });
}

/**
 * Returns a function that refers to nothing but the controller. `fetch` keeps what a signal leads to until the next full garbage
 * collection, and a function of the deadline would lead to the call's answer.
 */
function aborterOf(controller: AbortController): () => void {
  return () => controller.abort();
}
