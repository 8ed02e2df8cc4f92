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
 * The end of one call: its time runs out, or the caller ends it. `withDeadline` waits for no more than that, so that a
 * `fetch` which ignores its signal cannot hold up a call; what it then leaves behind goes on to its next `race` or
 * `sleep`, and no further.
 */
export class Deadline {
  /** Why the call ended, once it has. */
  error: AbortError | TimeoutError | undefined;
  /** Tells the error of the end what was under way. */
  describe: ((error: AbortError | TimeoutError) => void) | undefined;
  readonly #controller: AbortController = new AbortController();
  readonly #endsAtMs: number;
  readonly #given: DeadlineOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #reject: ((error: Error) => void) | undefined;

  constructor(given: DeadlineOptions) {
    const { timeoutMs, signal } = given;
    this.#given = given;
    this.#endsAtMs = performance.now() + timeoutMs;
    this.#timer = setTimeout(this.#onTime, timeoutMs);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) this.#onAbort();
  }

  /** Hands the end on to `fetch`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What is left of the call's time, in milliseconds; below 0 when it is over. */
  get remainingMs(): number {
    return this.#endsAtMs - performance.now();
  }

  /**
   * Starts the work, unless the call has ended already.
   *
   * @throws AbortError when the caller ended the call, TimeoutError when its time ran out.
   */
  async race<T>(work: () => Promise<T>): Promise<T> {
    if (this.error !== undefined) throw this.error;
    return await work();
  }

  /** Waits, but no longer than the call. */
  async sleep(delayMs: number): Promise<void> {
    await this.race(() => new Promise((resolve) => (this.#pause = setTimeout(resolve, delayMs))));
  }

  /** Hears of the end; at once when that has come already. */
  whenOver(reject: (error: Error) => void): void {
    this.#reject = reject;
    if (this.error !== undefined) reject(this.error);
  }

  /** Must follow, else the timer stays. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    this.#given.signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onTime = (): void => {
    const { method, path, timeoutMs, goal = 'whole answer' } = this.#given;
    this.#end(new TimeoutError(`${method} ${path}: no ${goal} within ${timeoutMs} ms`, { method, path, timeoutMs }));
  };

  readonly #onAbort = (): void => {
    const { method, path, signal } = this.#given;
    this.#end(new AbortError(`${method} ${path}: the caller ended the call`, { method, path, cause: signal?.reason }));
  };

  #end(error: AbortError | TimeoutError): void {
    if (this.error !== undefined) return;
    this.error = error;
    this.describe?.(error);
    this.#reject?.(error);
    this.#controller.abort(error);
  }
}

/** Works under a deadline, for no longer than that, and closes it. */
export async function withDeadline<T>(deadline: Deadline, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  try {
    return await new Promise<T>((resolve, reject) => {
      deadline.whenOver(reject);
      deadline.race(() => work(deadline)).then(resolve, reject);
    });
  } finally {
    deadline.close();
  }
}
