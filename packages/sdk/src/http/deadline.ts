import { onAbort } from '#runtime';
import { AbortError, TimeoutError } from '../errors/index.ts';
import { MAX_TIMEOUT_MS } from './max-timeout.ts';

/** How long a call may take, and who may end it before. */
export interface DeadlineOptions {
  /** The time of the whole call in milliseconds: the login, every attempt, every wait, every body. */
  timeoutMs: number;
  /** The caller's own way to end the call. */
  signal?: AbortSignal | undefined;
  /** The deadline of the call, where this is that of one of its attempts: it ends both. */
  outer?: Deadline | undefined;
}

/** The end of one call or attempt: its time runs out, or the caller ends it. */
export interface Deadline {
  /** Adds to the error of the end what was under way. */
  describe?: (error: AbortError | TimeoutError) => void;
  /** Hears of the end; for a transport that can do without `signal`, which costs most of what a deadline does. */
  onOver?: (error: AbortError | TimeoutError) => void;
  /** A signal in the place of `onOver`. */
  signal(): AbortSignal;
  /** By `performance.now`, which no clock that is set can move. */
  readonly endsAtMs: number;
  /** Goes before whatever begins something. @throws AbortError or TimeoutError when it is over. */
  check(): void;
  /** Waits, but no longer than to the end. */
  sleep(delayMs: number): Promise<void>;
}

/**
 * Works under a deadline, and waits for no more than that: a `fetch` which ignores its signal cannot hold up a call. What
 * is then left behind goes on to its next `check` or `sleep`, and no further.
 *
 * @param call what is named in the errors.
 * @param goal what did not come in time.
 * @throws AbortError when the caller ended the call, TimeoutError when its time ran out.
 */
export function withDeadline<T>(
  { method, path }: { method: string; path: string },
  { timeoutMs, signal, outer }: DeadlineOptions,
  work: (deadline: Deadline) => Promise<T>,
  goal = 'whole answer',
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over: AbortError | TimeoutError | undefined;
    let pause: ReturnType<typeof setTimeout> | undefined;
    const deadline: Deadline = {
      endsAtMs: performance.now() + timeoutMs,
      signal: () => {
        const controller = new AbortController();
        deadline.onOver = () => controller.abort();
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
    // Must follow, else the timer stays.
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
    const abort = (): void => end(new AbortError('the caller ended the call', { method, path, cause: signal?.reason }));
    const timer = setTimeout(
      () => end(new TimeoutError(`no ${goal} within ${timeoutMs} ms`, { method, path, timeoutMs })),
      timeoutMs,
    );
    const leave = signal && onAbort(signal, abort);
    if (outer) outer.onOver = end;
    if (signal?.aborted) return abort();
    work(deadline).finally(close).then(resolve, reject);
  });
}
