/**
 * Starts the parts of a program in order, and stops the started ones in reverse order: when a later part fails to start, and when the
 * program is asked to stop.
 *
 * Every part is stopped, even if others fail to stop. A part that fails to stop, or does not stop in time, is logged by name.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../kernel/error-message.ts';
import { OperatorError } from '../kernel/operator-error.ts';

/** A part of a program that runs until the program stops. */
export interface Part {
  start?(): void | Promise<void>;
  /** Called on every part before the first one is stopped: from now on it begins no work that takes long. */
  beginStop?(): void;
  stop?(): void | Promise<void>;
}

export interface LifecycleLog {
  error(fields: Record<string, unknown>, message: string): void;
}

export interface LifecycleOptions {
  /** How long a part may take to stop by default, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** How long all parts together may take to stop, in milliseconds. Default: no limit. */
  readonly totalStopTimeoutMs?: number;
  /** Replaces a part before it is started; for tests of failures. */
  readonly replace?: (name: string, part: Part) => Part;
}

/** Options for one part. */
export interface PartOptions {
  /** How long this part may take to stop, in milliseconds. */
  readonly stopTimeoutMs?: number;
}

/** What the parts that stop last may take each, in milliseconds, even where those before them have used up the time of all. */
const MIN_STOP_MS = 100;

interface StartedPart {
  readonly name: string;
  readonly part: Part;
  readonly stopTimeoutMs: number;
}

export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #started: StartedPart[] = [];
  #log: LifecycleLog | undefined;
  #stopped: Promise<readonly string[]> | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Logs failures there from now on. */
  logTo(log: LifecycleLog): void {
    this.#log = log;
  }

  /**
   * Starts a part, which is stopped with the others.
   *
   * @throws What its `start` throws. Unless it is an OperatorError, it is logged with the part's name. The caller must then call `stop`.
   */
  async use(name: string, given: Part, { stopTimeoutMs = this.#options.stopTimeoutMs }: PartOptions = {}): Promise<void> {
    const part = this.#options.replace?.(name, given) ?? given;
    try {
      await part.start?.();
    } catch (error) {
      // An OperatorError is reported by the program itself.
      if (!(error instanceof OperatorError))
        this.#log?.error({ part: name, err: error }, `${name}: failed to start: ${errorMessage(error)}`);
      throw error;
    }
    this.#started.push({ name, part, stopTimeoutMs });
  }

  /**
   * Opens a resource, which is closed when the parts stop.
   *
   * @throws What `open` throws. Unless it is an OperatorError, it is logged with the part's name. The caller must then call `stop`.
   */
  async open<T>(name: string, open: () => T | Promise<T>, close: (resource: T) => void | Promise<void>): Promise<T> {
    let opened: { readonly resource: T } | undefined;
    await this.use(name, {
      start: async () => {
        opened = { resource: await open() };
      },
      stop: () => (opened === undefined ? undefined : close(opened.resource)),
    });
    if (opened === undefined) throw new Error(`${name}: not opened`);
    return opened.resource;
  }

  /**
   * Stops all started parts in reverse order, once.
   *
   * @param delayMs How long they go on after they have begun to stop. It does not count as part of the time to stop.
   * @returns The names of the parts that failed to stop or did not stop in time, in that order.
   */
  stop(delayMs = 0): Promise<readonly string[]> {
    this.#stopped ??= this.#stopAll(delayMs);
    return this.#stopped;
  }

  async #stopAll(delayMs: number): Promise<readonly string[]> {
    const { totalStopTimeoutMs = Infinity } = this.#options;
    for (const { name, part } of this.#started.toReversed()) {
      try {
        part.beginStop?.();
      } catch (error) {
        this.#log?.error({ part: name, err: error }, `${name}: failed to begin to stop: ${errorMessage(error)}`);
      }
    }
    if (delayMs > 0) await sleep(delayMs);
    const endMs = performance.now() + totalStopTimeoutMs;
    const failed: string[] = [];
    for (let last = this.#started.pop(); last !== undefined; last = this.#started.pop()) {
      try {
        await stopInTime(last.part, Math.min(last.stopTimeoutMs, Math.max(MIN_STOP_MS, endMs - performance.now())));
      } catch (error) {
        failed.push(last.name);
        this.#log?.error({ part: last.name, err: error }, `${last.name}: failed to stop: ${errorMessage(error)}`);
      }
    }
    return failed;
  }
}

async function stopInTime(part: Part, stopTimeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`expected it to stop within ${Math.round(stopTimeoutMs)} ms`)), stopTimeoutMs);
  });
  try {
    await Promise.race([part.stop?.(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
