/**
 * How much room the file system of the database has. SQLite stores nothing on a full one: no order can be made, and no payment
 * noted, until there is room again.
 */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inMegabytes, LOW_SPACE_BYTES } from '../kernel/free-space.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';

/**
 * What an ordinary user may still write beside a file, in bytes.
 *
 * @throws Error when the file system does not say.
 */
export async function freeSpace(file: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(file));
  return bavail * bsize;
}

export interface FreeSpaceWatchOptions {
  readonly free: () => Promise<number>;
  readonly log: LoopLog;
  /** Default 60,000. */
  readonly intervalMs?: number;
}

/** Warns once when there is little room left, and says when there is enough again. */
export class FreeSpaceWatch {
  readonly #options: FreeSpaceWatchOptions;
  readonly #loop: TaskLoop;
  #isLow = false;

  constructor(options: FreeSpaceWatchOptions) {
    this.#options = options;
    const idleMs = options.intervalMs ?? 60_000;
    this.#loop = new TaskLoop({ name: 'free space', idleMs, retryMs: idleMs, log: options.log, task: () => this.#look() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(): Promise<undefined> {
    const { free, log } = this.#options;
    const freeBytes = await free();
    // Not at every byte that comes and goes around the limit.
    const isLow = freeBytes < LOW_SPACE_BYTES * (this.#isLow ? 1.25 : 1);
    if (isLow && !this.#isLow)
      log.warn(
        { free_bytes: freeBytes },
        `free space: only ${inMegabytes(freeBytes)} left for the database; without room no order is made`,
      );
    if (!isLow && this.#isLow)
      log.info({ free_bytes: freeBytes }, `free space: ${inMegabytes(freeBytes)} again for the database`);
    this.#isLow = isLow;
    return undefined;
  }
}
