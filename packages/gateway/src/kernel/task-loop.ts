/**
 * Runs a task repeatedly: at once when woken, after `idleMs` otherwise, and after `retryMs` when it has failed. Runs never overlap; a
 * wake during a run causes another run after it. `stop` waits for the current run to end.
 */
import { enterStep, stepOf } from './thread/steps.ts';

export interface TaskLoopOptions {
  readonly name: string;
  readonly idleMs: number;
  readonly retryMs: number;
  readonly log: LoopLog;
  /**
   * Performs one run. May resolve to the milliseconds until the next run, if that is sooner than `idleMs`. The signal is aborted when
   * the loop is being stopped.
   */
  readonly task: (signal: AbortSignal) => Promise<number | undefined>;
}

export interface LoopLog {
  warn(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

/** `setTimeout` takes 31 bits; a longer timer would fire at once. Running early after 24 days does no harm. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class TaskLoop {
  readonly #options: TaskLoopOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #woken = false;
  #endSleep: (() => void) | undefined;

  constructor(options: TaskLoopOptions) {
    this.#options = options;
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#endSleep?.();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#endSleep?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const step = stepOf(this.#options.name);
    let failures = 0;
    while (!this.signal.aborted) {
      this.#woken = false;
      let pauseMs = this.#options.idleMs;
      enterStep(step);
      try {
        const wished = await this.#options.task(this.signal);
        if (typeof wished === 'number') pauseMs = Math.max(0, Math.min(wished, pauseMs));
        if (failures > 0) this.#options.log.info({ loop: this.#options.name, failures }, `${this.#options.name}: works again`);
        failures = 0;
      } catch (error) {
        if (this.signal.aborted) break;
        failures += 1;
        pauseMs = this.#options.retryMs;
        // Logged at the 1st, 2nd, 4th, 8th ... failure in a row, so that a long outage does not flood the log.
        if (Number.isInteger(Math.log2(failures)))
          this.#options.log.warn({ loop: this.#options.name, failures, err: error }, `${this.#options.name}: failed`);
        this.#woken = false;
      }
      if (!this.#woken) await this.#sleep(pauseMs);
    }
  }

  async #sleep(durationMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.signal.aborted) return resolve();
      const timer = setTimeout(resolve, Math.min(durationMs, MAX_TIMER_MS));
      this.#endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endSleep = undefined;
  }
}
