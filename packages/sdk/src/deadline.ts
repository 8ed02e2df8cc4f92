import { AbortError, TimeoutError } from './errors/index.ts';

/** How long a call may take, and who may end it before. */
export interface DeadlineOptions {
  /** The time of the whole call in milliseconds: the login, every try, every wait, every body. */
  timeoutMs: number;
  /** The caller's own way to end the call. */
  signal?: AbortSignal | undefined;
}

/** The end of one call: its time runs out, or the caller ends it. */
export interface Deadline {
  /** Tells the error of the end what was under way. */
  describe?: (error: AbortError | TimeoutError) => void;
  /** Hears of the end; for a transport that can do without `signal`, which costs most of what a deadline does. */
  onOver?: (error: Error) => void;
  /** Made when somebody asks for it. */
  signal(): AbortSignal;
  /** What is left of the call's time, in milliseconds; below 0 when it is over. */
  remainingMs(): number;
  /** Goes before whatever begins something. @throws AbortError or TimeoutError when the call has ended. */
  check(): void;
  /** Waits, but no longer than the call. */
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
  { timeoutMs, signal }: DeadlineOptions,
  work: (deadline: Deadline) => Promise<T>,
  goal = 'whole answer',
): Promise<T> {
  return new Promise((resolve, reject) => {
    const endsAtMs = performance.now() + timeoutMs;
    let over: AbortError | TimeoutError | undefined;
    let controller: AbortController | undefined;
    let pause: ReturnType<typeof setTimeout> | undefined;
    const deadline: Deadline = {
      signal: () => {
        controller ??= new AbortController();
        if (over) controller.abort(over);
        return controller.signal;
      },
      remainingMs: () => endsAtMs - performance.now(),
      check: () => {
        if (over) throw over;
      },
      sleep: (delayMs) => {
        deadline.check();
        return new Promise((wake) => (pause = setTimeout(wake, delayMs)));
      },
    };
    // Must follow, else the timer stays.
    const close = (): void => {
      clearTimeout(timer);
      clearTimeout(pause);
      signal?.removeEventListener('abort', onAbort);
    };
    const closing =
      <V>(settle: (value: V) => void) =>
      (value: V): void => {
        close();
        settle(value);
      };
    const end = (error: AbortError | TimeoutError): void => {
      over = error;
      close();
      deadline.describe?.(error);
      reject(error);
      deadline.onOver?.(error);
      controller?.abort(error);
    };
    const onAbort = (): void =>
      end(new AbortError(`${method} ${path}: the caller ended the call`, { method, path, cause: signal?.reason }));
    const timer = setTimeout(
      () => end(new TimeoutError(`${method} ${path}: no ${goal} within ${timeoutMs} ms`, { method, path, timeoutMs })),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) return onAbort();
    work(deadline).then(closing(resolve), closing(reject));
  });
}
