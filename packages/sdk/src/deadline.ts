import { AbortError, TimeoutError } from './errors/index.ts';

/** What a deadline names in its errors. */
export interface DeadlineOptions {
  method: string;
  path: string;
  /** The time of the whole call in milliseconds: the login, every try, every wait, every body. */
  timeoutMs: number;
  /** What did not come in time; default: a whole answer. */
  goal?: string;
  /** The caller's own way to end the call. */
  signal?: AbortSignal | undefined;
}

/**
 * The end of one call: its time runs out, or the caller ends it. Whatever the call waits for, it waits through
 * `race`, so that a `fetch` which ignores its signal cannot hold it up. `close` must follow, else the timer stays.
 */
export class Deadline {
  /** Hands the end on to `fetch`. */
  readonly signal: AbortSignal;
  readonly #endsAtMs: number;
  readonly #ended: Promise<never>;
  /** Why the call ended, once it has. */
  error: AbortError | TimeoutError | undefined;
  readonly close: () => void;

  constructor({ method, path, timeoutMs, goal = 'whole answer', signal }: DeadlineOptions) {
    const controller = new AbortController();
    this.signal = controller.signal;
    this.#endsAtMs = performance.now() + timeoutMs;
    let end: (error: AbortError | TimeoutError) => void = () => undefined;
    this.#ended = new Promise((_resolve, reject) => {
      end = (error) => {
        this.error ??= error;
        controller.abort(this.error);
        reject(this.error);
      };
    });
    // A call that ended well leaves nobody to hear of it.
    this.#ended.catch(() => undefined);

    const onAbort = (): void => {
      end(new AbortError(`${method} ${path}: the caller ended the call`, { method, path, cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      end(new TimeoutError(`${method} ${path}: no ${goal} within ${timeoutMs} ms`, { method, path, timeoutMs }));
    }, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();

    this.close = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** What is left of the call's time, in milliseconds; below 0 when it is over. */
  get remainingMs(): number {
    return this.#endsAtMs - performance.now();
  }

  /**
   * Starts the work, unless the call has ended already, and waits for it until then.
   *
   * @throws AbortError when the caller ended the call, TimeoutError when its time ran out.
   */
  async race<T>(work: () => Promise<T>): Promise<T> {
    if (this.error !== undefined) throw this.error;
    return await Promise.race([work(), this.#ended]);
  }

  /** Waits, but no longer than the call. */
  async sleep(delayMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.race(() => new Promise<void>((resolve) => (timer = setTimeout(resolve, delayMs))));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Works under a deadline, and closes it. */
export async function withDeadline<T>(deadline: Deadline, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  try {
    return await work(deadline);
  } finally {
    deadline.close();
  }
}
